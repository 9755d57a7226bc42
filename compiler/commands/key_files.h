// Keys that the command line names.
#pragma once

#include "packager/package/signing_key.h"

#include <optional>

namespace ecc {

/// PKCS#8, or cosign's own kind under the password of $COSIGN_PASSWORD or one that is typed.
Result<PrivateKey> load_private_key(const std::string& file);

Result<PublicKey> load_public_key(const std::string& file);

/// Nothing if no file is named.
Result<std::optional<PublicKey>> load_optional_key(const std::string& file);

} // namespace ecc
