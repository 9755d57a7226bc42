#include "compiler/child_process.h"

#include "compiler/memory_file.h"
#include "support/descriptor_io.h"
#include "support/files.h"

#include <cerrno>
#include <cstdlib>
#include <new>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ecc {
namespace {

/// Zero, or the number of the error that keeps the result from existing.
int errno_of(int result, const std::function<Bytes()>& work) {
    try {
        return write_all(result, work()) ? EXIT_SUCCESS : errno;
    } catch (const std::bad_alloc&) {
        return ENOMEM;
    } catch (const std::system_error& error) { // a thread that could not be started
        return error.code().value();
    }
}

/// In the child: nobody wants a core file of it.
[[noreturn]] void run_and_exit(int result, const std::function<Bytes()>& work) {
    const rlimit none = {};
    ::setrlimit(RLIMIT_CORE, &none);
    std::set_new_handler([] { ::_exit(ENOMEM); }); // no library comes to terms with it, and some crash
    ::_exit(errno_of(result, work));
}

/// As waitpid(2) tells it.
int wait_status(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

std::unexpected<Error> no_result(const std::string& where, int number) {
    if (number == ENOMEM || number == EAGAIN)
        return environment_error(where,
                                 "memory or threads ran out while it was compiled: " + errno_text(number),
                                 "more memory, or higher limits: ulimit -v, ulimit -u");
    return environment_error(where, "what was compiled cannot be kept in memory: " + errno_text(number),
                             "a higher limit on the size of files: ulimit -f");
}

} // namespace

Result<Bytes> run_in_child(const std::string& where, const std::string& what,
                           const std::function<Bytes()>& work) {
    // A file and no pipe: the child never waits for a reader.
    ECC_TRY(const MemoryFile result, MemoryFile::make("result of a child", {}));
    const pid_t child = ::fork();
    if (child < 0)
        return environment_error(where, "cannot start a process: " + errno_text(errno));
    if (child == 0)
        run_and_exit(result.descriptor(), work);
    const int status = wait_status(child);
    if (!WIFEXITED(status))
        return input_error(where, what);
    if (WEXITSTATUS(status) != EXIT_SUCCESS)
        return no_result(where, WEXITSTATUS(status));
    return result.read();
}

bool ended_well(pid_t child) {
    const int status = wait_status(child);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

} // namespace ecc
