#include "compiler/guest/tool.h"

#include "compiler/child_process.h"
#include "compiler/memory_file.h"
#include "support/files.h"
#include "support/write_signals.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

namespace ecc {
namespace {

class SpawnSettings {
public:
    SpawnSettings() {
        ::posix_spawn_file_actions_init(&files_);
        ::posix_spawnattr_init(&attributes_);
    }
    SpawnSettings(const SpawnSettings&) = delete;
    SpawnSettings& operator=(const SpawnSettings&) = delete;
    ~SpawnSettings() {
        ::posix_spawnattr_destroy(&attributes_);
        ::posix_spawn_file_actions_destroy(&files_);
    }

    void run_in(const std::filesystem::path& folder) {
        ::posix_spawn_file_actions_addchdir_np(&files_, folder.c_str());
    }

    void hide_messages() {
        ::posix_spawn_file_actions_addopen(&files_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    }

    void connect(int output) {
        ::posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
    }

    void restore_signals() {
        sigset_t signals;
        sigemptyset(&signals);
        for (const int number : write_signals)
            sigaddset(&signals, number);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
    }

    const posix_spawn_file_actions_t* files() const { return &files_; }
    const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
    posix_spawn_file_actions_t files_{};
    posix_spawnattr_t attributes_{};
};

std::vector<std::string> environment_of(const ToolRun& run) {
    const auto& more = run.environment;
    std::vector<std::string> all;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const std::string_view name = text.substr(0, text.find('='));
        const bool withheld = !run.withheld.empty() && name.starts_with(run.withheld);
        if (!withheld && std::ranges::find(more, name, [](const auto& pair) {
                             return std::string_view(pair.first);
                         }) == more.end())
            all.emplace_back(text);
    }
    for (const auto& [name, value] : more)
        all.push_back(name + "=" + value);
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

Result<ToolAnswer> run_tool(const ToolRun& run, const std::string& install) {
    ECC_TRY(const MemoryFile output, MemoryFile::make("output of a tool", {}));
    SpawnSettings settings;
    settings.run_in(run.folder);
    settings.connect(output.descriptor());
    if (run.hides_messages)
        settings.hide_messages();
    settings.restore_signals();
    std::vector<std::string> arguments = run.arguments;
    std::vector<std::string> environment = environment_of(run);
    pid_t child = -1;
    const int error =
        ::posix_spawnp(&child, arguments.front().c_str(), settings.files(), settings.attributes(),
                       pointers_to(arguments).data(), pointers_to(environment).data());
    if (error != 0)
        return environment_error(run.arguments.front(), "cannot be started: " + errno_text(error), install);
    const bool ok = ended_well(child);
    ECC_TRY(const Bytes text, output.read());
    return ToolAnswer{ok, std::string(text.begin(), text.end())};
}

} // namespace ecc
