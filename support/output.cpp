#include "support/output.h"

#include "support/files.h"

#include <cerrno>
#include <poll.h>
#include <unistd.h>

namespace ecc {

Result<void> flush_output() {
    const bool had_failed = std::ferror(stdout) != 0;
    // Nothing printed is nothing lost, even if there is no standard output.
    if (std::fflush(stdout) != 0)
        return environment_error(standard_output, "cannot write: " + errno_text(errno));
    if (had_failed)
        return environment_error(standard_output, "cannot write");
    return {};
}

bool is_output_abandoned() {
    pollfd output{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&output, 1, 0) > 0 && (output.revents & POLLERR) != 0;
}

} // namespace ecc
