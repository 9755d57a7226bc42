#include "tests/unit/runtime/guest_process.h"

#include "packager/package/object_facts.h"
#include "support/files.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace ecc::test {

namespace {

constexpr int patience_ms = 30000;

std::string machine() {
#if defined(__aarch64__)
    return "arm64";
#elif defined(__riscv)
    return "riscv";
#else
    return "x86";
#endif
}

void declare(Manifest& manifest, const ObjectFacts& object) {
    for (const auto& program : object.programs)
        manifest.programs.push_back({program.name, program.section, program.type_name, ""});
    for (const auto& map : object.maps)
        manifest.maps.push_back(
            {map.name, map.type_name, map.key_size, map.value_size, map.max_entries, map.flags, "", "", {}});
    if (!acting_reasons(object).empty())
        manifest.permissions = {"observe", "act"};
    else if (manifest.permissions.empty())
        manifest.permissions = {"observe"};
}

std::string temporary_path() {
    std::string path = std::filesystem::temp_directory_path() / "ecc-runtime-test-XXXXXX";
    ::close(::mkostemp(path.data(), O_CLOEXEC));
    return path;
}

} // namespace

std::filesystem::path guest_path(const std::string& name) {
    return std::filesystem::path(ECC_GUESTS) / name;
}

Bytes guest_bytes(const std::string& name) {
    return read_file(guest_path(name)).value();
}

Bytes packaged(const std::string& wasm, const std::vector<std::string>& objects,
               const std::string& architecture) {
    Package package;
    package.manifest.name = "guest";
    for (const auto& name : objects) {
        package.objects.push_back(
            {name, architecture.empty() ? machine() : architecture, guest_bytes(name + ".bpf.o")});
        declare(package.manifest, read_object_facts(package.objects.back().elf, name).value());
    }
    return write_package(guest_bytes(wasm), package).value();
}

TemporaryFile::TemporaryFile(ByteView bytes) : path_(temporary_path()) {
    write_file(path_, bytes).value();
    std::filesystem::permissions(path_, std::filesystem::perms(0644)); // for tests that are nobody
}

TemporaryFile::~TemporaryFile() {
    std::filesystem::remove(path_);
}

GuestProcess::GuestProcess(const std::vector<std::string>& arguments,
                           const std::function<void()>& before_exec)
    : err_path_(temporary_path()) {
    int out[2], in[2];
    if (::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(in, O_CLOEXEC) != 0)
        std::abort();
    std::vector<char*> argv{const_cast<char*>("ecc-run")};
    for (const auto& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::dup2(::open(err_path_.c_str(), O_WRONLY | O_CLOEXEC), 2);
        if (before_exec)
            before_exec();
        ::execv(ECC_RUN, argv.data());
        ::_exit(99);
    }
    ::close(out[1]);
    ::close(in[0]);
    out_ = out[0];
    stdin_ = in[1];
}

GuestProcess::~GuestProcess() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    if (out_ >= 0)
        ::close(out_);
    ::close(stdin_);
    std::filesystem::remove(err_path_);
}

bool GuestProcess::read_some() {
    pollfd fd{out_, POLLIN, 0};
    if (::poll(&fd, 1, patience_ms) <= 0)
        return false;
    char buffer[4096];
    const auto count = ::read(out_, buffer, sizeof buffer);
    if (count <= 0)
        return false;
    out_text_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

bool GuestProcess::wait_for_line(const std::string& line) {
    while (("\n" + out_text_).find("\n" + line + "\n") == std::string::npos) {
        if (!read_some())
            return false;
    }
    return true;
}

void GuestProcess::signal(int number) const {
    ::kill(pid_, number);
}

void GuestProcess::write_input(std::string_view text) const {
    if (::write(stdin_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        std::abort();
}

void GuestProcess::close_output() {
    ::close(std::exchange(out_, -1));
}

Ended GuestProcess::wait() {
    while (out_ >= 0 && read_some()) {
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    const auto err = read_file(err_path_).value();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), out_text_,
            std::string(as_text(err))};
}

Ended run(const std::vector<std::string>& arguments, const std::function<void()>& before_exec) {
    return GuestProcess(arguments, before_exec).wait();
}

} // namespace ecc::test
