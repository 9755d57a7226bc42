// Private keys as `cosign generate-key-pair` writes them: PKCS#8 in NaCl's secretbox (XSalsa20-Poly1305)
// under a password (scrypt). Plain PKCS#8 files are read as they are.
#pragma once

#include "packager/package/signing_key.h"

#include <functional>

namespace ecc {

/// `password` is asked only if the file is encrypted. An input error if it is malformed, or the password is
/// wrong.
Result<PrivateKey> read_private_key(std::string_view pem, const std::string& where,
                                    const std::function<Result<std::string>()>& password);

} // namespace ecc
