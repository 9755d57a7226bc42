// Writing to a file descriptor to the end.
#pragma once

#include "support/bytes.h"

namespace ecc {

/// Goes on after signals and partial writes. False: errno says why.
bool write_all(int fd, ByteView bytes);

} // namespace ecc
