#include "compiler/commands/key_files.h"

#include "compiler/commands/secret_input.h"
#include "packager/oci/cosign_key.h"
#include "support/files.h"

#include <cstdlib>

namespace ecc {
namespace {

constexpr std::size_t max_key_file = 64u << 10;

} // namespace

Result<PrivateKey> load_private_key(const std::string& file) {
    ECC_TRY(auto pem, read_file(file, max_key_file));
    return read_private_key(as_text(pem), file, [&]() -> Result<std::string> {
        if (const char* password = std::getenv("COSIGN_PASSWORD"))
            return std::string(password);
        auto typed = ask_on_terminal("Password of " + file + ": ", Echo::off);
        if (!typed)
            return input_error(file, "is encrypted, and there is no terminal to ask for its password",
                               "let COSIGN_PASSWORD hold it");
        return typed;
    });
}

Result<PublicKey> load_public_key(const std::string& file) {
    ECC_TRY(auto pem, read_file(file, max_key_file));
    return PublicKey::parse(as_text(pem), file);
}

Result<std::optional<PublicKey>> load_optional_key(const std::string& file) {
    if (file.empty())
        return std::nullopt;
    return load_public_key(file);
}

} // namespace ecc
