// What libbpf says while something fails, as text for an Error instead of lines on standard error.
#pragma once

#include <bpf/libbpf.h>
#include <string>

namespace ecc {

/// Collects the warnings that libbpf prints from this thread while the object lives. Not to be nested.
class LibbpfLog {
public:
    LibbpfLog();
    ~LibbpfLog();
    LibbpfLog(const LibbpfLog&) = delete;
    LibbpfLog& operator=(const LibbpfLog&) = delete;

    /// The warnings in one line, or `otherwise` if there were none.
    std::string summary(std::string_view otherwise) const;

private:
    libbpf_print_fn_t previous_;
    std::string text_;
};

} // namespace ecc
