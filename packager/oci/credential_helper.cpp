#include "packager/oci/credential_helper.h"

#include "packager/json.h"
#include "support/staged_file.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <filesystem>
#include <sstream>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace ecc {
namespace {

constexpr std::size_t max_output = 64u << 10;
constexpr auto patience = std::chrono::minutes(2); // the keychain may ask its user
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

/// What it wrote until it closed its output; nothing if it took too long or wrote too much.
std::optional<std::string> read_all(int fd) {
    const auto end = std::chrono::steady_clock::now() + patience;
    std::string text;
    std::array<char, 4096> buffer;
    while (text.size() <= max_output) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
        pollfd waiting{fd, POLLIN, 0};
        if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) == 0)
            return std::nullopt;
        const ssize_t n = ::read(fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return std::nullopt;
}

struct HelperOutput {
    int status = 0;
    std::string text;
};

/// Nothing if there is no such program.
Result<std::optional<HelperOutput>> run_helper(const std::string& name, const char* verb,
                                               const std::string& input) {
    if (!is_helper_name(name))
        return environment_error(name, "is not the name of a credential helper");
    const std::string program = "docker-credential-" + name;
    Pipe in, out;
    if (!in.open() || !out.open())
        return environment_error(program, "cannot be started: " + errno_text(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.ends[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    std::array<char*, 3> arguments{const_cast<char*>(program.c_str()), const_cast<char*>(verb), nullptr};
    pid_t pid = -1;
    const int failure = ::posix_spawnp(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure == ENOENT)
        return std::nullopt;
    if (failure != 0)
        return environment_error(program, "cannot be started: " + errno_text(failure));
    in.close_end(0);
    out.close_end(1);
    static_cast<void>(write_to(in.ends[1], as_bytes(input), program)); // it may have seen enough
    in.close_end(1);
    auto text = read_all(out.ends[0]);
    if (!text)
        ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (!text)
        return environment_error(program, "did not answer in time, or at too great length");
    return HelperOutput{WIFEXITED(status) ? WEXITSTATUS(status) : 255, std::move(*text)};
}

std::string first_line(const std::string& text) {
    return text.substr(0, std::min(text.find_first_of("\r\n"), std::size_t{300}));
}

std::unexpected<Error> failed(const std::string& name, const HelperOutput& output) {
    return environment_error("docker-credential-" + name, fmt::format("failed: {}", first_line(output.text)),
                             "unlock the keychain, or take the helper out of the file with logins");
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

Result<std::optional<HelperLogin>> get_from_helper(const std::string& name, const std::string& server) {
    ECC_TRY(auto output, run_helper(name, "get", server + "\n"));
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
    ECC_TRY(auto output, run_helper(name, "store", input));
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
    ECC_TRY(auto output, run_helper(name, "erase", server + "\n"));
    if (output && output->status != 0)
        return failed(name, *output);
    return output.has_value();
}

} // namespace ecc
