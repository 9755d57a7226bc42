#include "packager/oci/credential_helper.h"

#include "packager/json.h"
#include "support/files.h"
#include "support/staged_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace ecc {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::size_t max_output = 64u << 10;
constexpr std::size_t max_input = 64u << 10; // what a pipe takes without a reader
constexpr const char* not_found = "credentials not found in native keychain";

bool is_helper_name(std::string_view name) {
    return !name.empty() && name.size() < 100 &&
           std::ranges::all_of(
               name,
               [](char c) {
                   return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.';
               });
}

struct Pipe {
    std::array<int, 2> ends{-1, -1};
    ~Pipe() {
        close_end(0);
        close_end(1);
    }
    bool open() { return ::pipe2(ends.data(), O_CLOEXEC) == 0; }
    void close_end(int which) {
        if (ends[which] >= 0)
            ::close(std::exchange(ends[which], -1));
    }
};

/// Takes what is there to read; false at the end of it.
bool drain(int fd, std::string& text) {
    std::array<char, 4096> buffer;
    while (text.size() <= max_output) {
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n > 0)
            text.append(buffer.data(), static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)
            return n < 0 && errno == EAGAIN;
    }
    return true;
}

/// The end of a child process. Linux tells it of a descriptor since 5.3; before that, and where system calls
/// that are younger than a sandbox fail, it is asked for again and again.
class ChildEnd {
public:
    explicit ChildEnd(pid_t pid) : pid_(pid), fd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}
    ChildEnd(const ChildEnd&) = delete;
    ChildEnd& operator=(const ChildEnd&) = delete;
    ~ChildEnd() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    /// For poll(2), which passes over negative ones.
    int descriptor() const { return fd_; }
    milliseconds longest_wait() const { return fd_ < 0 ? milliseconds(20) : milliseconds::max(); }
    bool has_come() const {
        siginfo_t child = {};
        return ::waitid(P_PID, static_cast<id_t>(pid_), &child, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               child.si_pid == pid_;
    }

private:
    pid_t pid_;
    int fd_;
};

/// What was written until the process ended, for its children may keep the output open; nothing if it took
/// too long or wrote too much.
std::optional<std::string> read_until_end(int output, const ChildEnd& process, milliseconds patience) {
    const auto end = steady_clock::now() + patience;
    std::string text;
    for (bool ended = false; !ended;) {
        const auto left = std::chrono::duration_cast<milliseconds>(end - steady_clock::now());
        if (left.count() <= 0)
            return std::nullopt;
        std::array<pollfd, 2> waiting{{{process.descriptor(), POLLIN, 0}, {output, POLLIN, 0}}};
        const milliseconds wait = std::min(left, process.longest_wait());
        if (::poll(waiting.data(), waiting.size(), static_cast<int>(wait.count())) < 0 && errno != EINTR)
            return std::nullopt;
        ended = process.has_come();
        if (!drain(output, text))
            output = -1; // which poll passes over
        if (text.size() > max_output)
            return std::nullopt;
    }
    return text;
}

struct HelperOutput {
    int status = 0;
    std::string text;
};

/// The process with these as standard input and output, or an errno with its sign changed.
pid_t start_helper(const std::string& program, const char* verb, int input, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::array<char*, 3> arguments{const_cast<char*>(program.c_str()), const_cast<char*>(verb), nullptr};
    pid_t pid = -1;
    const int failure = ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    return failure ? -failure : pid;
}

/// Nothing if there is no such program.
Result<std::optional<HelperOutput>> run_helper(const std::string& name, const char* verb,
                                               const std::string& input, milliseconds patience) {
    if (!is_helper_name(name))
        return environment_error(name, "is not the name of a credential helper");
    const std::string program = "docker-credential-" + name;
    if (input.size() > max_input)
        return environment_error(program, fmt::format("takes at most {} bytes", max_input));
    Pipe in, out;
    if (!in.open() || !out.open() || ::fcntl(out.ends[0], F_SETFL, O_NONBLOCK) != 0)
        return environment_error(program, "cannot be started: " + errno_text(errno));
    const pid_t pid = start_helper(program, verb, in.ends[0], out.ends[1]);
    if (pid == -ENOENT)
        return std::nullopt;
    if (pid < 0)
        return environment_error(program, "cannot be started: " + errno_text(-pid));
    in.close_end(0);
    out.close_end(1);
    static_cast<void>(write_to(in.ends[1], as_bytes(input), program)); // it may have seen enough
    in.close_end(1);
    auto text = read_until_end(out.ends[0], ChildEnd(pid), patience);
    if (!text)
        ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!text)
        return environment_error(program, "did not answer in time, or at too great length");
    return HelperOutput{WIFEXITED(status) ? WEXITSTATUS(status) : 255, std::move(*text)};
}

/// What helpers say on standard output beside secrets (docker-credential-helpers, credentials/error.go).
/// Anything else there may hold one.
constexpr std::string_view plain_messages[] = {not_found, "no credentials server URL",
                                               "no credentials username"};

std::string reason(const HelperOutput& output) {
    for (std::string_view message : plain_messages)
        if (output.text.starts_with(message) &&
            output.text.find_first_not_of("\r\n", message.size()) == std::string::npos)
            return std::string(message);
    return fmt::format("it ends with status {}", output.status);
}

std::unexpected<Error> failed(const std::string& name, const HelperOutput& output) {
    const std::string program = "docker-credential-" + name;
    return environment_error(
        program, "failed: " + reason(output),
        fmt::format("see whether `{} list` works, unlock the keychain, or take the helper out of "
                    "the file with logins",
                    program));
}

} // namespace

bool is_helper_installed(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((std::filesystem::path(folder) / ("docker-credential-" + name)).c_str(), X_OK) == 0)
            return true;
    return false;
}

Result<std::optional<HelperLogin>> get_from_helper(const std::string& name, const std::string& server,
                                                   std::chrono::milliseconds patience) {
    ECC_TRY(auto output, run_helper(name, "get", server + "\n", patience));
    if (!output || output->text.find(not_found) != std::string::npos)
        return std::nullopt;
    if (output->status != 0)
        return failed(name, *output);
    const auto document = parse_json(output->text);
    HelperLogin login{string_at(document, "Username"), string_at(document, "Secret")};
    if (login.secret.empty())
        return std::nullopt;
    return login;
}

Result<void> store_in_helper(const std::string& name, const std::string& server, const HelperLogin& login) {
    const std::string input =
        json_text({{"ServerURL", server}, {"Username", login.user}, {"Secret", login.secret}});
    ECC_TRY(auto output, run_helper(name, "store", input, helper_patience));
    if (!output)
        return environment_error("docker-credential-" + name, "is not on PATH, and keeps the logins",
                                 "install it, or take it out of the file with logins");
    if (output->status != 0)
        return failed(name, *output);
    return {};
}

Result<bool> erase_from_helper(const std::string& name, const std::string& server) {
    ECC_TRY(auto known, get_from_helper(name, server));
    if (!known)
        return false;
    ECC_TRY(auto output, run_helper(name, "erase", server + "\n", helper_patience));
    if (output && output->status != 0)
        return failed(name, *output);
    return output.has_value();
}

} // namespace ecc
