// A folder with sources for one test, and what the compilers say about them.
#pragma once

#include "compiler/build_log.h"
#include "compiler/kernel_part.h"
#include "compiler/resources.h"
#include "support/files.h"

#include <memory>
#include <string>

namespace ecc::testing {

/// A BuildLog whose text can be read.
class CapturedLog {
public:
    CapturedLog();
    ~CapturedLog();
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;

    BuildLog& log() { return *log_; }
    std::string text();

private:
    char* data_ = nullptr;
    std::size_t size_ = 0;
    std::FILE* stream_;
    std::unique_ptr<BuildLog> log_;
};

class Workspace {
public:
    Workspace();
    /// Writes a file and returns its path.
    std::filesystem::path write(const std::string& name, const std::string& text) const;
    std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
    bool has(const std::string& name) const { return std::filesystem::exists(path(name)); }

private:
    TempDir folder_;
};

/// The resources that the build assembled.
Resources resources();

/// A tracepoint program without headers, `body` in its function.
std::string tracepoint_program(const std::string& name, const std::string& body = "return 0;");

} // namespace ecc::testing
