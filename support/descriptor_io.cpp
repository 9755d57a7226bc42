#include "support/descriptor_io.h"

#include <cerrno>
#include <unistd.h>

namespace ecc {

bool write_all(int fd, ByteView bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count == 0)
            errno = EIO; // no file does that; without this it would be tried for ever
        if (count <= 0)
            return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace ecc
