#include "compiler/child_process.h"

#include "compiler/memory_file.h"
#include "support/descriptor_io.h"
#include "support/files.h"

#include <cerrno>
#include <cstdlib>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecc {
namespace {

/// In the child: nobody wants a core file of it.
[[noreturn]] void run_and_exit(int result, const std::function<Bytes()>& work) {
    const rlimit none = {};
    ::setrlimit(RLIMIT_CORE, &none);
    ::_exit(write_all(result, work()) ? EXIT_SUCCESS : EXIT_FAILURE);
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
    if (!ended_well(child))
        return input_error(where, what);
    return result.read();
}

bool ended_well(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

} // namespace ecc
