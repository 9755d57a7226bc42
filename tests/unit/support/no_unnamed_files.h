// A machine whose file systems know no files without a name, as overlayfs before Linux 6.3 (open(2),
// O_TMPFILE).
#pragma once

#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <thread>

namespace ecc::test {

/// Runs `action` in a thread for which the kernel refuses them.
template <typename Action> void without_unnamed_files(const Action& action) {
    constexpr unsigned tmpfile_alone = O_TMPFILE & ~O_DIRECTORY;
    sock_filter refusal[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, tmpfile_alone, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EOPNOTSUPP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter = {std::size(refusal), refusal};
    std::thread([&] {
        ASSERT_EQ(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
        ASSERT_EQ(::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
        ASSERT_EQ(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), -1);
        action();
    }).join();
}

} // namespace ecc::test
