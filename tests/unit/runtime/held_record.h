// Records of a ring buffer that come one by one when a test wants them, and one that is reserved and stays
// unfinished (BUSY) for as long as it wants.
#pragma once

#include "runtime-min/file_descriptor.h"

#include <bpf/libbpf.h>
#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>
#include <thread>

namespace ecc::test {

/// The map of that name which a process has; the test ends if it has none.
FileDescriptor map_of_process(pid_t pid, const std::string& name);

class RecordWriter {
public:
    /// Into this ring buffer of 4096 bytes.
    explicit RecordWriter(int ring_fd);

    /// Of 64 bytes, which begin with the number. False if there is no room.
    bool write(std::uint64_t number) const { return run("write_record", number, 0); }

    /// Reserves a record; returns when that is done. The record stays unfinished until `finish`.
    void hold(std::uint64_t number);
    void finish();
    ~RecordWriter();
    RecordWriter(const RecordWriter&) = delete;
    RecordWriter& operator=(const RecordWriter&) = delete;

private:
    bool run(const char* program, std::uint64_t number, std::uint64_t address) const;

    std::unique_ptr<bpf_object, decltype(&bpf_object__close)> object_{nullptr, bpf_object__close};
    FileDescriptor faults_; ///< tells of, and resolves, the access to a page that the program waits for
    void* page_ = nullptr;
    std::thread holder_;
};

} // namespace ecc::test
