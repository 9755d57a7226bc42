#include "support/standard_streams.h"

#include <cstdlib>
#include <fcntl.h>
#include <initializer_list>
#include <unistd.h>

namespace ecc {

void occupy_standard_streams() {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(fd, F_GETFD) != -1)
            continue;
        // The lowest free number, so exactly this one.
        if (::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            std::abort();
    }
}

} // namespace ecc
