// Runs ecc-run on guests of tests/unit/runtime/guests as a process of its own.
#pragma once

#include "packager/package/package.h"
#include "support/bytes.h"

#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace ecc::test {

/// A file of the built guests: "plain.wasm", "events.bpf.o".
std::filesystem::path guest_path(const std::string& name);
Bytes guest_bytes(const std::string& name);

/// The built guest `wasm` as a package with these objects ("events" is the object of events.bpf.c).
Bytes packaged(const std::string& wasm, const std::vector<std::string>& objects,
               const std::string& architecture = "");

/// A file with these bytes that goes with the object.
class TemporaryFile {
public:
    explicit TemporaryFile(ByteView bytes);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

struct Ended {
    int status = 0; ///< exit status; 1000 + n if signal n killed it
    std::string out;
    std::string err;
};

class GuestProcess {
public:
    /// `before_exec` runs in the child, between fork and exec.
    explicit GuestProcess(const std::vector<std::string>& arguments,
                          const std::function<void()>& before_exec = {});
    ~GuestProcess();
    GuestProcess(const GuestProcess&) = delete;

    /// Reads the guest's output up to this line, at most 30 seconds; false if it ended without.
    bool wait_for_line(const std::string& line);
    void signal(int number) const;
    void write_input(std::string_view text) const;
    /// The reader of its standard output goes away.
    void close_output();
    pid_t pid() const { return pid_; }
    Ended wait();

private:
    bool read_some();

    pid_t pid_ = -1;
    int out_ = -1;
    int stdin_ = -1;
    std::string out_text_;
    std::filesystem::path err_path_;
};

/// Starts, waits, and says how it ended.
Ended run(const std::vector<std::string>& arguments, const std::function<void()>& before_exec = {});

} // namespace ecc::test
