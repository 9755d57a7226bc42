// ecc-run as a program, without BPF: how guests begin, end, and are refused.
#include "tests/unit/runtime/guest_process.h"

#include "packager/package/wasm_module.h"
#include "runtime-min/file_descriptor.h"
#include "support/files.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string plain = guest_path("plain.wasm");

TEST(Run, passes_the_exit_status_on) {
    EXPECT_EQ(run({plain, "--", "exit", "0"}).status, 0);
    EXPECT_EQ(run({plain, "--", "exit", "3"}).status, 3);
    EXPECT_EQ(run({plain, "--", "exit", "200"}).status, 200);
}

TEST(Run, reports_a_trap) {
    const auto ended = run({plain, "--", "trap"});
    EXPECT_EQ(ended.status, 134);
    EXPECT_THAT(ended.err, HasSubstr("unreachable"));
}

TEST(Run, reports_endless_recursion_as_a_trap) {
    const auto ended = run({plain, "--", "deep"});
    EXPECT_EQ(ended.status, 134);
}

TEST(Run, reads_the_module_from_standard_input) {
    const auto bytes = "/bin/cat " + plain + " | ";
    EXPECT_EQ(WEXITSTATUS(std::system((bytes + ECC_BINARY_DIR "/bin/ecc-run - -- exit 9").c_str())), 9);
}

TEST(Run, reads_the_module_from_an_open_descriptor) {
    const auto command = "exec 7<" + plain + "; " ECC_BINARY_DIR "/bin/ecc-run /proc/self/fd/7 -- exit 9";
    EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 9);
}

TEST(Run, refuses_a_missing_file) {
    const auto ended = run({"/no/such.wasm"});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("/no/such.wasm"));
}

TEST(Run, refuses_an_empty_file_and_one_that_is_no_module) {
    for (const std::string_view text : {"", "#!/bin/sh\necho hello\n"}) {
        const TemporaryFile file(as_bytes(text));
        const auto ended = run({file.path()});
        EXPECT_EQ(ended.status, 125);
        EXPECT_THAT(ended.err, HasSubstr(file.path()));
    }
}

TEST(Run, refuses_a_module_that_is_cut_off) {
    const auto whole = guest_bytes("plain.wasm");
    for (const std::size_t part : {2, 3, 10}) {
        const TemporaryFile file(ByteView(whole).first(whole.size() / part));
        EXPECT_EQ(run({file.path()}).status, 125);
    }
}

TEST(Run, refuses_code_that_does_not_validate) {
    auto damaged = guest_bytes("plain.wasm");
    const auto sections = wasm_sections(damaged, "plain.wasm").value();
    const auto code = std::ranges::find(sections, 10, &WasmSection::id);
    ASSERT_NE(code, sections.end());
    ByteReader reader(code->payload);
    reader.leb_u32(); // how many functions
    ByteView body;
    while (reader.ok() && body.size() < 64)
        body = reader.take(reader.leb_u32());
    ASSERT_TRUE(reader.ok());
    std::fill_n(damaged.begin() + (body.data() - damaged.data()) + 32, 16, 0xff);
    const TemporaryFile file(damaged);
    const auto ended = run({file.path()});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("not a valid Wasm module: "), HasSubstr("try: pulling"),
                                 Not(HasSubstr("Caused by"))));
    EXPECT_EQ(std::ranges::count(ended.err, '\n'), 2) << ended.err;
}

TEST(Run, refuses_a_package_of_a_newer_format) {
    auto bytes = packaged("plain.wasm", {"tiny"});
    std::string text(as_text(bytes));
    const auto at = text.find("\"format\":1");
    ASSERT_NE(at, std::string::npos);
    text[at + 9] = '9';
    const TemporaryFile file(as_bytes(text));
    const auto ended = run({file.path()});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("format"));
}

TEST(Run, refuses_a_package_whose_object_was_changed) {
    const auto object = guest_bytes("tiny.bpf.o");
    auto bytes = packaged("plain.wasm", {"tiny"});
    const auto at = std::search(bytes.begin(), bytes.end(), object.begin(), object.end());
    ASSERT_NE(at, bytes.end());
    at[static_cast<std::ptrdiff_t>(object.size()) / 2] ^= 1;
    const TemporaryFile file(bytes);
    EXPECT_EQ(run({file.path()}).status, 125);
}

TEST(Run, refuses_a_package_whose_manifest_hides_what_its_object_does) {
    auto package = read_package(packaged("plain.wasm", {"acting"}), "acting").value();
    package.manifest.permissions = {"observe"};
    const TemporaryFile file(write_package(guest_bytes("plain.wasm"), package).value());
    const auto ended = run({"--allow-all", file.path()});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("program 'pass' is of type xdp"));
}

TEST(Run, refuses_a_package_for_another_architecture) {
    const TemporaryFile file(packaged("plain.wasm", {"tiny"}, "s390"));
    const auto ended = run({file.path()});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("is for s390"));
}

#ifndef __SANITIZE_ADDRESS__ // whose own map of memory fits no limit
Ended run_within(rlim_t mebibytes, const std::vector<std::string>& arguments) {
    return run(arguments, [&] {
        const rlimit limit{mebibytes << 20, mebibytes << 20};
        ::setrlimit(RLIMIT_AS, &limit);
    });
}

TEST(Run, names_the_limit_of_addresses_that_leaves_no_room_for_a_guest) {
    for (const rlim_t mebibytes : {500, 4000, 4170, 4607}) {
        const auto ended = run_within(mebibytes, {plain, "--", "exit", "0"});
        EXPECT_EQ(ended.status, 125) << mebibytes;
        EXPECT_THAT(ended.err, HasSubstr("needs 4608 MiB of address space"));
        EXPECT_THAT(ended.err, HasSubstr("limited to " + std::to_string(mebibytes) + " MiB"));
        EXPECT_THAT(ended.err, HasSubstr("ulimit -v unlimited"));
    }
}

TEST(Run, takes_no_more_addresses_than_it_says) {
    const TemporaryFile package(packaged("plain.wasm", {"events"}));
    for (const auto& file : {plain, package.path()})
        EXPECT_EQ(run_within(4608, {"--no-cache", file, "--", "short-sleep"}).out, "slept\n");
    EXPECT_EQ(run_within(500, {"--explain", package.path()}).status, 0) << "no guest begins";
}

TEST(Run, says_that_memory_ran_out) {
    const TemporaryFile large({});
    std::filesystem::resize_file(large.path(), std::size_t{250} << 20);
    const auto ended = run_within(200, {"--explain", large.path()});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, AllOf(HasSubstr("memory or the address space of this process ran out"),
                                 HasSubstr("ulimit -v unlimited")));
}
#endif

TEST(Run, refuses_a_module_without_a_start_function) {
    const auto ended = run({guest_path("no_start.wasm")});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("_start"));
}

TEST(Run, names_the_import_that_it_does_not_have) {
    const auto ended = run({guest_path("unknown_import.wasm")});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("ecc_bpf_v9"));
}

TEST(Run, shows_the_flag_that_a_module_of_the_older_interface_needs) {
    const auto ended = run({guest_path("old.wasm")});
    EXPECT_EQ(ended.status, 125);
    EXPECT_THAT(ended.err, HasSubstr("--allow bytes"));
    EXPECT_EQ(ended.out, "");
}

TEST(Run, refuses_a_wrong_command_line) {
    EXPECT_EQ(run({}).status, 125);
    EXPECT_EQ(run({"--allow", "everything", plain}).status, 125);
    EXPECT_EQ(run({"--no-such-flag", plain}).status, 125);
}

TEST(Run, shows_only_the_environment_that_is_allowed) {
    ::setenv("ECC_TEST_SECRET", "value", 1);
    EXPECT_EQ(run({plain, "--", "environment", "ECC_TEST_SECRET"}).out, "(unset)\n");
    EXPECT_EQ(run({"--allow", "env=ECC_TEST_SECRET", plain, "--", "environment", "ECC_TEST_SECRET"}).out,
              "value\n");
}

TEST(Run, shows_only_the_files_that_are_allowed) {
    const auto dir = TempDir::make().value();
    const auto name = (dir.path() / "file").string();
    write_file(name, as_bytes("content\n")).value();
    EXPECT_EQ(run({plain, "--", "print-file", name}).status, 1);
    const auto allow = "files=" + dir.path().string();
    EXPECT_THAT(run({"--allow", allow, plain, "--", "print-file", name}).out, HasSubstr("content"));
    EXPECT_EQ(run({"--allow", allow, plain, "--", "write-file", name}).status, 1);
    EXPECT_EQ(run({"--allow", allow + ":rw", plain, "--", "write-file", name}).status, 0);
    EXPECT_EQ(as_text(read_file(name).value()), "written");
}

TEST(Run, sleeps_when_the_guest_does) {
    EXPECT_EQ(run({plain, "--", "short-sleep"}).out, "slept\n");
}

class EndedBySignal : public testing::TestWithParam<const char*> {};

TEST_P(EndedBySignal, with_128_and_its_number) {
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
        GuestProcess guest({plain, "--", GetParam()});
        ASSERT_TRUE(guest.wait_for_line("ready"));
        guest.signal(number);
        const auto ended = guest.wait();
        EXPECT_EQ(ended.status, 128 + number);
        EXPECT_THAT(ended.err, Not(HasSubstr("trap")));
    }
}

INSTANTIATE_TEST_SUITE_P(Run, EndedBySignal, testing::Values("spin", "sleep", "read"));

/// A named pipe that nobody writes.
class SilentPipe {
public:
    SilentPipe() : dir_(TempDir::make().value()), path_(dir_.path() / "pipe") {
        ::mkfifo(path_.c_str(), 0600);
    }
    const std::string& path() const { return path_; }
    /// Returns once somebody has opened it to read; the writer keeps silent.
    FileDescriptor open() const { return FileDescriptor(::open(path_.c_str(), O_WRONLY | O_CLOEXEC)); }

private:
    TempDir dir_;
    std::string path_;
};

TEST(Run, ends_at_the_first_signal_while_it_reads_its_files) {
    const SilentPipe pipe;
    const std::vector<std::string> module{pipe.path()}, types{"--btf", pipe.path(), plain};
    for (const auto& arguments : {module, types}) {
        for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
            GuestProcess reader(arguments);
            const auto writer = pipe.open();
            reader.signal(number);
            EXPECT_EQ(reader.wait().status, 128 + number) << arguments[0];
        }
    }
}

TEST(Run, counts_its_time_limit_from_the_start) {
    EXPECT_EQ(run({"--timeout", "0.3", SilentPipe().path()}).status, 124);
}

TEST(Run, ends_a_guest_at_its_time_limit) {
    for (const char* mode : {"spin", "sleep", "read"})
        EXPECT_EQ(run({"--timeout", "0.1", plain, "--", mode}).status, 124) << mode;
}

TEST(Run, lets_a_guest_end_before_its_time_limit) {
    EXPECT_EQ(run({"--timeout", "100", plain, "--", "exit", "5"}).status, 5);
}

/// What the shell's `| head -1` does to a program, whether or not the shell lets it ignore SIGPIPE.
Ended without_reader(const std::vector<std::string>& arguments) {
    GuestProcess guest(arguments, [] { std::signal(SIGPIPE, SIG_IGN); });
    EXPECT_TRUE(guest.wait_for_line("ready"));
    guest.close_output();
    return guest.wait();
}

TEST(Run, ends_a_guest_whose_output_nobody_reads_as_sigpipe_does) {
    const auto ended = without_reader({plain, "--", "flood"});
    EXPECT_EQ(ended.status, 128 + SIGPIPE);
    EXPECT_EQ(ended.err, "");
}

TEST(Run, lets_a_guest_that_takes_signals_take_sigpipe) {
    const auto signals = guest_path("signals.wasm");
    EXPECT_EQ(without_reader({signals}).status, SIGPIPE);
    EXPECT_EQ(without_reader({signals, "--", "ignore-pipe"}).status, 33) << "each write reports it anew";
}

TEST(Run, loses_no_output_to_a_slow_reader_after_a_signal) {
    GuestProcess guest({guest_path("signals.wasm")});
    ASSERT_TRUE(guest.wait_for_line("ready"));
    guest.signal(SIGINT);
    std::this_thread::sleep_for(std::chrono::milliseconds(1500)); // more than its time to take the signal
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, SIGINT);
    EXPECT_TRUE(ended.out.ends_with("line\nlast line\n"));
}

TEST(Run, writes_to_a_pipe_that_somebody_made_non_blocking) {
    const auto nonblocking = [] { ::fcntl(1, F_SETFL, O_NONBLOCK); };
    GuestProcess guest({plain, "--", "write", "300000"}, nonblocking);
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // the pipe fills
    const auto ended = guest.wait();
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out.size(), 6 + 300000);
}

TEST(Run, lets_a_guest_open_a_file_in_the_place_of_standard_output) {
    const auto dir = TempDir::make().value();
    const auto name = (dir.path() / "file").string();
    const auto ended = run({"--allow", "files=" + dir.path().string() + ":rw", plain, "--", "reopen", name});
    EXPECT_EQ(ended.status, 0);
    EXPECT_EQ(ended.out, "ready\n");
    EXPECT_EQ(as_text(read_file(name).value()), "written");
}

TEST(Run, goes_on_after_being_stopped) {
    // In a group of its own, as a shell's job: SIGTSTP does not stop an orphaned group (POSIX, 2.4.3).
    GuestProcess guest({plain, "--", "read"}, [] { ::setpgid(0, 0); });
    ASSERT_TRUE(guest.wait_for_line("ready"));
    for (const int number : {SIGTSTP, SIGSTOP}) {
        guest.signal(number);
        int status = 0;
        ASSERT_EQ(::waitpid(guest.pid(), &status, WUNTRACED), guest.pid());
        EXPECT_TRUE(WIFSTOPPED(status));
        guest.signal(SIGCONT);
    }
    guest.write_input("x");
    EXPECT_EQ(guest.wait().status, 1) << "the byte that it read";
}

TEST(Run, tells_what_it_took_on_request) {
    EXPECT_EQ(run({plain, "--", "exit", "0"}).err, "");
    const auto text = run({"--stats", plain, "--", "exit", "3"});
    EXPECT_EQ(text.status, 3);
    EXPECT_EQ(text.out, "");
    EXPECT_THAT(text.err, HasSubstr("ecc-run: run "));
    const auto stats = nlohmann::json::parse(run({"--stats", "--json", plain, "--", "short-sleep"}).err);
    EXPECT_GE(stats.at("run_ms").get<double>(), 10.0);
    EXPECT_GE(stats.at("linear_bytes"), 65536);
    EXPECT_GE(stats.at("resident_bytes"), 1 << 20);
    EXPECT_EQ(stats.at("records"), 0);
}

TEST(Run, writes_messages_as_json_on_request) {
    const auto ended = run({"--log-format", "json", guest_path("old.wasm")});
    EXPECT_EQ(ended.status, 125);
    const auto line = nlohmann::json::parse(ended.err);
    EXPECT_EQ(line.at("level"), "error");
    EXPECT_EQ(line.at("where"), guest_path("old.wasm").string());
    EXPECT_THAT(line.at("hint").get<std::string>(), HasSubstr("--allow bytes"));
    EXPECT_THAT(line.at("time").get<std::string>(), testing::MatchesRegex("....-..-..T..:..:..[.]...Z"));
}

TEST(Run, explains_without_running) {
    const TemporaryFile file(packaged("plain.wasm", {"acting"}));
    const auto refused = run({"--explain", file.path()});
    EXPECT_EQ(refused.status, 125);
    EXPECT_THAT(refused.out, HasSubstr("program 'pass' is of type xdp: refused; --allow act would allow it"));
    EXPECT_THAT(refused.out, Not(HasSubstr("ready")));
    const auto allowed = run({"--explain", "--allow", "act", file.path()});
    EXPECT_EQ(allowed.status, 0);
    EXPECT_THAT(allowed.out, HasSubstr("allowed by --allow"));
}

TEST(Run, explains_which_limit_leaves_no_room_for_an_object) {
    const TemporaryFile file(packaged("plain.wasm", {"events"}));
    const auto explain = [](const std::string& limit, const std::string& path) {
        return run({"--explain", "--json", "--limit", limit, path});
    };
    for (const auto& [limit, says] :
         {std::pair{
              "programs=0",
              "the object 'events' has more programs to load (1) than the limit \"programs\" permits (0)"},
          {"maps=1K", "than the limit \"maps\" permits (1 KiB)"}}) {
        const auto refused = explain(limit, file.path());
        EXPECT_EQ(refused.status, 125) << limit;
        const auto json = nlohmann::json::parse(refused.out);
        EXPECT_EQ(json.at("allowed"), false);
        EXPECT_THAT(json.at("obstacle").get<std::string>(), HasSubstr(says));
        EXPECT_THAT(run({"--explain", "--limit", limit, file.path()}).out,
                    HasSubstr("would be refused: the object 'events' "));
    }
    EXPECT_EQ(explain("programs=1", file.path()).status, 0);
}

TEST(Run, expects_no_excess_of_a_guest_that_may_load_less_than_its_object_has) {
    const TemporaryFile file(packaged("matrix.wasm", {"events"}));
    for (const char* limit : {"programs=0", "maps=1K"})
        EXPECT_EQ(run({"--explain", "--limit", limit, file.path()}).status, 0) << limit;
}

TEST(Run, says_that_an_explanation_could_not_be_written) {
    const TemporaryFile file(packaged("plain.wasm", {"events"}));
    const auto to_a_full_disk = [] { ::dup2(::open("/dev/full", O_WRONLY), STDOUT_FILENO); };
    for (const char* form : {"--no-cache", "--json"}) {
        const auto ended = run({"--explain", form, file.path()}, to_a_full_disk);
        EXPECT_EQ(ended.status, 125) << form;
        EXPECT_THAT(ended.err, HasSubstr("standard output: cannot write: No space left"));
    }
}

void collect_keys(const nlohmann::json& value, const std::string& path, std::set<std::string>& keys) {
    if (value.is_array()) {
        for (const auto& element : value)
            collect_keys(element, path, keys);
    } else if (value.is_object()) {
        for (const auto& [key, child] : value.items()) {
            keys.insert(path + key);
            collect_keys(child, path + key + ".", keys);
        }
    }
}

void collect_schema_keys(const nlohmann::json& schema, const std::string& path, std::set<std::string>& keys) {
    if (schema.contains("items"))
        collect_schema_keys(schema["items"], path, keys);
    const auto properties = schema.value("properties", nlohmann::json::object());
    for (const auto& [key, child] : properties.items()) {
        keys.insert(path + key);
        collect_schema_keys(child, path + key + ".", keys);
    }
}

TEST(ExplainSchema, has_the_keys_that_are_written) {
    const TemporaryFile file(packaged("plain.wasm", {"acting", "events"}));
    const auto schema = read_file(ECC_SOURCE_DIR "/docs/schema/ecc.explain.schema.json").value();
    std::set<std::string> written, published;
    collect_keys(nlohmann::json::parse(run({"--explain", "--json", file.path()}).out), "", written);
    collect_schema_keys(nlohmann::json::parse(as_text(schema)), "", published);
    EXPECT_EQ(written, published);
}

TEST(Run, obeys_a_policy) {
    const auto dir = TempDir::make().value();
    const auto policy = (dir.path() / "policy.toml").string();
    write_file(policy, as_bytes("version = 1\n[only]\npermissions = []\n")).value();
    EXPECT_EQ(run({"--policy", policy, plain, "--", "exit", "4"}).status, 4);
    const auto refused = run({"--policy", policy, "--allow-all", plain});
    EXPECT_EQ(refused.status, 125);
    EXPECT_THAT(refused.err, HasSubstr(policy + " does not permit"));
    EXPECT_EQ(run({"--policy", policy + ".absent", plain}).status, 125);
}

TEST(Run, answers_hostile_calls_with_an_errno) {
    const TemporaryFile file(packaged("hostile.wasm", {"events", "tiny"}));
    const auto ended = run({file.path()});
    EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
}

TEST(Run, shows_the_flag_that_an_acting_program_needs) {
    const TemporaryFile file(packaged("load.wasm", {"acting", "signalling"}));
    const auto xdp = run({file.path(), "--", "acting"});
    EXPECT_THAT(xdp.out, HasSubstr("status -1\n"));
    EXPECT_THAT(xdp.err, HasSubstr("program 'pass' is of type xdp"));
    EXPECT_THAT(xdp.err, HasSubstr("--allow act"));
    const auto hidden = run({file.path(), "--", "signalling"});
    EXPECT_THAT(hidden.out, HasSubstr("status -1\n"));
    EXPECT_THAT(hidden.err, HasSubstr("bpf_send_signal"));
}

} // namespace
} // namespace ecc::test
