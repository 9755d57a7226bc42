#include "compiler/commands/deletion.h"

#include "compiler/commands/secret_input.h"

namespace ecc {

Result<void> confirm_deletion(const std::string& what, bool force) {
    if (force || confirmed_on_terminal("delete " + what + "? [y/N] "))
        return {};
    return usage_error("nothing was deleted: it was not confirmed", "say --force");
}

} // namespace ecc
