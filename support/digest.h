// Content digests as OCI and our package manifest write them: "sha256:" and 64 hexadecimal digits
// (OCI image specification 1.1, descriptor.md, "Digests").
#pragma once

#include "support/bytes.h"

#include <memory>
#include <string>
#include <string_view>

namespace ecc {

std::string sha256_digest(ByteView bytes);

/// True for exactly "sha256:" and 64 lower-case hexadecimal digits.
bool is_sha256_digest(std::string_view text);

/// The same digest over bytes that come in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(ByteView bytes);
    std::string finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace ecc
