// What a machine can lack: BTF, tracefs, privileges; and what the kernel may refuse. Run as root, which takes
// them away.

#include "tests/bad/bad_input.h"

#include <unistd.h>

namespace ecc::test {
namespace {

class Machine : public BadInput {
protected:
    void SetUp() override {
        ASSERT_EQ(::geteuid(), 0u) << "this test takes privileges away and needs root to begin with";
        write("good.bpf.c", good_source);
        write("good.wasm", package());
    }

    /// `command` where `setup` (shell) has changed mounts below /sys, in a mount namespace of its own.
    static Command after(const std::string& setup, const Command& command) {
        Command wrapped = {"unshare",
                           "--mount",
                           "--propagation",
                           "unchanged",
                           "sh",
                           "-c",
                           "mount --make-rprivate /sys && " + setup + " && exec \"$@\"",
                           "sh"};
        wrapped.insert(wrapped.end(), command.begin(), command.end());
        return wrapped;
    }

    static Command without_btf(const Command& command) {
        return after("mount -t tmpfs none /sys/kernel/btf", command);
    }

    static Command without_capabilities(const std::string& which, const Command& command) {
        Command wrapped = {"setpriv", "--bounding-set=" + which, "--inh-caps=" + which};
        wrapped.insert(wrapped.end(), command.begin(), command.end());
        return wrapped;
    }
};

TEST_F(Machine, WithoutBtfCannotMakeVmlinuxHeaderAndSaysWhatToGive) {
    expect_refused(without_btf({ecc(), "good.bpf.c", "-o", "x.wasm"}), 3,
                   {"/sys/kernel/btf/vmlinux", "--btf FILE"});
    for (const char* what : {"vmlinux", "types"})
        expect_refused(without_btf({ecc(), "gen", what, "/sys/kernel/btf/vmlinux"}), 3,
                       {"/sys/kernel/btf/vmlinux", "--btf FILE"});
    expect_refused(without_btf({ecc(), "good.bpf.c", "--btf", "/sys/kernel/btf/vmlinux", "-o", "x.wasm"}), 3,
                   {"/sys/kernel/btf/vmlinux"});
}

TEST_F(Machine, WithoutBtfCannotFitAProgramToTheKernel) {
    write("core.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
SEC("raw_tp/sched_process_exit") int seen(void *ctx) {
	struct task_struct *task = (void *)bpf_get_current_task();
	return BPF_CORE_READ(task, real_parent, tgid) == 1;
}
char LICENSE[] SEC("license") = "GPL";
)");
    ASSERT_EQ(run({ecc(), path("core.bpf.c"), "-o", path("core.wasm")}).status, 0);
    expect_refused(without_btf({ecc_run(), "core.wasm"}), 1, {"core_bpf", "no BTF", "--btf FILE"});
}

TEST_F(Machine, WhoseBtfTheOperatorNamesWrongSaysWhichFileAndWhatToGive) {
    write("empty.btf", "");
    write("garbage.btf", "not the types of any kernel");
    write("cut.btf", std::string_view("\x9f\xeb\x01\x00\x18\x00\x00\x00\x00\x00", 10));
    expect_refused({ecc_run(), "--btf", "missing.btf", "good.wasm"}, 125,
                   {"--btf missing.btf", "No such file", "/sys/kernel/btf/vmlinux"});
    for (const std::string file : {"empty.btf", "garbage.btf", "cut.btf", "good.wasm", "."})
        expect_refused({ecc_run(), "--btf", file, "good.wasm"}, 125,
                       {"--btf " + file, "holds no BTF", "/sys/kernel/btf/vmlinux"});
}

TEST_F(Machine, WithoutBtfRefusesAPackageWhoseOwnIsDamaged) {
    auto contents = *read_package(package(), "good.wasm");
    contents.btf = Bytes{0x9f, 0xeb, 1, 0, 0xff, 0xff, 0xff, 0xff};
    write("types.wasm", with_contents(contents));
    expect_refused(without_btf({ecc_run(), "types.wasm"}), 125, {"ecc.btf", "damaged", "--btf FILE"});
}

TEST_F(Machine, WithoutTracefsAndTheRightToMountItSaysTheCommand) {
    expect_refused(after("{ umount -l /sys/kernel/tracing; umount -l /sys/kernel/debug; true; } 2>/dev/null",
                         without_capabilities("-sys_admin", {ecc_run(), "good.wasm"})),
                   1, {"tracefs", "mount -t tracefs tracefs /sys/kernel/tracing"});
}

TEST_F(Machine, WithoutPrivilegesSaysWhichCapabilitiesAreMissing) {
    expect_refused(without_capabilities("-all", {ecc_run(), "good.wasm"}), 1,
                   {"CAP_BPF", "CAP_PERFMON", "root"});
}

TEST_F(Machine, ThatMayNotActSaysWhichFlagAllowsIt) {
    write("act.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("xdp") int drop_all(struct xdp_md *ctx) { return XDP_DROP; }
char LICENSE[] SEC("license") = "GPL";
)");
    ASSERT_EQ(run({ecc(), path("act.bpf.c"), "-o", path("act.wasm")}).status, 0);
    expect_refused({ecc_run(), "act.wasm"}, 1, {"drop_all", "--allow act"});
}

TEST_F(Machine, WhoseVerifierRejectsAProgramShowsItsLog) {
    write("reject.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); __type(key, __u32); __type(value, __u32); } m SEC(".maps");
SEC("tracepoint/syscalls/sys_enter_openat") int unchecked(void *ctx) {
	__u32 key = 0;
	return *(volatile __u32 *)bpf_map_lookup_elem(&m, &key);
}
char LICENSE[] SEC("license") = "GPL";
)");
    ASSERT_EQ(run({ecc(), path("reject.bpf.c"), "-o", path("reject.wasm")}).status, 0);
    expect_refused(
        {ecc_run(), "reject.wasm"}, 1,
        {"unchecked", "R0 invalid mem access 'map_value_or_null'", "try: testing the pointer for NULL"});
}

TEST_F(Machine, WhoseVerifierMissesTheLicenseSaysWhereItStands) {
    write("free.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tracepoint/syscalls/sys_enter_openat") int says(void *ctx) { return bpf_printk("x"); }
)");
    ASSERT_EQ(run({ecc(), path("free.bpf.c"), "-o", path("free.wasm")}).status, 0);
    expect_refused({ecc_run(), "free.wasm"}, 1,
                   {"says", "GPL-restricted", "char LICENSE[] SEC(\"license\") = \"GPL\""});
}

/// `command` with what a shell does to its streams: ">/dev/full".
Command redirected(const std::string& redirection, const Command& command) {
    Command wrapped = {"sh", "-c", "exec \"$@\" " + redirection, "sh"};
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
}

TEST_F(Machine, WithFewOpenFilesNamesThatLimitWhereverItIsReached) {
    // As far as the program gets, from reading the package to attaching; with three it cannot be started at
    // all.
    for (const char* files : {"4", "5", "6", "7", "8", "9", "10", "11"}) {
        const Output output = run({"sh", "-c", "ulimit -n \"$1\" && shift && exec \"$@\"", "sh", files,
                                   ecc_run(), "--no-cache", "--timeout", "1", path("good.wasm")});
        if (output.status == 124 || output.status == 127)
            continue; // it was enough, or not enough for the dynamic linker
        EXPECT_THAT(output.err, testing::HasSubstr("Too many open files")) << files;
        EXPECT_THAT(output.err, testing::HasSubstr("ulimit -n")) << files;
    }
}

TEST_F(Machine, WithoutRoomForTheOutputSaysSo) {
    for (const Command& command :
         {Command{ecc(), "inspect", "--json", "good.wasm"}, Command{ecc(), "--help"},
          Command{ecc(), "push", "--help"}, Command{ecc(), "gen", "types", "good.bpf.c"}})
        expect_refused(redirected(">/dev/full", command), 3,
                       {"standard output: cannot write: No space left"});
    expect_refused(redirected(">&-", {ecc(), "inspect", "good.wasm"}), 3, {"standard output: cannot write"});
    for (const Command& command : {Command{ecc_run(), "--help"}, Command{ecc_run(), "--explain", "good.wasm"},
                                   Command{ecc_run(), "--explain", "--json", "good.wasm"}})
        expect_refused(redirected(">/dev/full", command), 125, {"standard output: cannot write"});
}

/// `command` under a limit of the shell's: "-f 1" (KiB).
Command limited(const std::string& limit, const Command& command) {
    Command wrapped = {"bash", "-c", "ulimit " + limit + " && exec \"$@\"", "bash"};
    wrapped.insert(wrapped.end(), command.begin(), command.end());
    return wrapped;
}

TEST_F(Machine, ThatLimitsTheSizeOfFilesSaysSo) {
    for (const char* size : {"-f 1", "-f 10"})
        expect_refused(limited(size, {ecc(), "good.bpf.c", "-o", "x.wasm"}), 3,
                       {"File too large", "ulimit -f"});
    expect_refused(limited("-f 100", {ecc(), "gen", "vmlinux", "/sys/kernel/btf/vmlinux", "-o", "vmlinux.h"}),
                   3, {"vmlinux.h: cannot write: File too large", "ulimit -f"});
}

TEST_F(Machine, WhereNobodyReadsMessagesKeepsTheStatus) {
    for (const char* redirection : {"2>/dev/full", "2>&-"}) {
        expect_refused(redirected(redirection, {ecc(), "--bogus", "x.bpf.c"}), 2, {});
        expect_refused(redirected(redirection, {ecc(), "inspect", "absent"}), 1, {});
        expect_refused(redirected(redirection, {ecc(), "-v", "good.bpf.c", "-o", "/dev/null"}), 0, {});
        expect_refused(redirected(redirection, {ecc_run(), "absent.wasm"}), 125, {});
    }
}

TEST_F(Machine, WhereNobodyReadsTheOutputEndsQuietlyBySigpipe) {
    for (const std::string target : {"-", "/dev/stdout"}) {
        const Output output = run({"bash", "-c", "\"$@\" | true; echo ${PIPESTATUS[0]}", "bash", ecc(), "gen",
                                   "vmlinux", "/sys/kernel/btf/vmlinux", "-o", target});
        EXPECT_EQ(output.out, "141\n");
        EXPECT_EQ(output.err, "");
    }
}

TEST_F(Machine, WhoseShellIgnoresTheEndOfChildrenBuildsAndRuns) {
    const Output built =
        run({"bash", "-c", "trap '' CHLD; exec \"$@\"", "bash", ecc(), path("good.bpf.c"), "-o", "-"});
    EXPECT_EQ(built.status, 0) << built.err;
    const Output started = run(
        {"bash", "-c", "trap '' CHLD; exec \"$@\"", "bash", ecc_run(), path("good.wasm"), "--", "--help"});
    EXPECT_EQ(started.status, 0) << started.err;
}

TEST_F(Machine, WithAFullFolderForTemporaryFilesBuildsAllTheSame) {
    fs::create_directory(path("tmp"));
    expect_refused({"env", "TMPDIR=" + path("tmp").string(), "unshare", "--mount", "--propagation",
                    "unchanged", "sh", "-c",
                    "mount -t tmpfs -o size=4k none \"$TMPDIR\" && head -c 4096 /dev/zero >\"$TMPDIR/x\"; "
                    "\"$@\"; status=$?; umount \"$TMPDIR\"; exit $status",
                    "sh", ecc(), "good.bpf.c", "-o", "/dev/null"},
                   0, {});
}

TEST_F(Machine, RunsAPackageFromStandardInput) {
    for (const std::string& runner : {ecc() + " run", ecc_run()}) {
        const Output output = run({"sh", "-c", runner + " - -- --help < " + path("good.wasm").string()});
        EXPECT_EQ(output.status, 0) << output.err;
        EXPECT_THAT(output.out, testing::HasSubstr("Usage: good"));
    }
}

TEST_F(Machine, BuildsWhatComesThroughStandardInput) {
    const auto build = [&](const std::string& words) {
        return run({"env", "-C", path(""), "sh", "-c", ecc() + " " + words + " <good.bpf.c"});
    };
    const Output named = build("- -o made.wasm -MD --record made.json");
    EXPECT_EQ(named.status, 0) << named.err;
    EXPECT_THAT(run({ecc(), "inspect", path("made.wasm")}).out, testing::HasSubstr("made.bpf.c"));
    EXPECT_THAT(as_text(*read_file(path("made.json"))), testing::HasSubstr("\"made.bpf.c\""));
    EXPECT_THAT(as_text(*read_file(path("made.d"))), testing::Not(testing::HasSubstr("<stdin>")));
    EXPECT_EQ(build("-").status, 0);
    EXPECT_TRUE(fs::exists(path("stdin.wasm")));
    EXPECT_EQ(run({"sh", "-c",
                   ecc() + " - -o - <" + path("good.bpf.c").string() + " | " + ecc_run() + " - -- --help"})
                  .status,
              0);
    EXPECT_THAT(build("gen skeleton -").out, testing::HasSubstr("struct stdin_bpf"));
}

TEST_F(Machine, EccRunEndsAsEccRunDoesIfTheProgramNeverBegan) {
    expect_refused({ecc(), "run", "absent.wasm"}, 125, {"absent.wasm"});
    expect_refused({ecc(), "run", "oci:absent:1"}, 125, {"absent"});
    expect_refused({ecc(), "run", "--bogus", "good.wasm"}, 125, {"FILE or REF is missing"});
}

TEST_F(Machine, ShowsTheVersionOfTheRunnerAndHowToCallIt) {
    const Output version = run({ecc_run(), "--version"});
    EXPECT_EQ(run({ecc(), "run", "--version"}).out, version.out);
    EXPECT_THAT(version.out, testing::StartsWith("ecc-run "));
    EXPECT_THAT(run({ecc(), "run", "--help"}).out,
                testing::HasSubstr("Usage: ecc run [OPTIONS] FILE|REF [ECC-RUN OPTIONS] [-- ARGUMENTS]"));
}

} // namespace
} // namespace ecc::test
