// Writes a user ring buffer (BPF_MAP_TYPE_USER_RINGBUF), which a BPF program drains. The program reads
// samples in the order of their reservations and stops at one that is neither submitted nor discarded yet.
#pragma once

#include "runtime-min/errno_result.h"
#include "runtime-min/file_descriptor.h"
#include "support/bytes.h"

#include <bpf/libbpf.h>
#include <map>
#include <memory>

namespace ecc {

class UserRing {
public:
    /// Keeps the map's pages, not its descriptor, which must stay open as long.
    static OrErrno<std::unique_ptr<UserRing>> open(int map_fd);
    /// Discards what is reserved: nobody could submit it any more, and the program would wait for it.
    ~UserRing();
    UserRing(const UserRing&) = delete;
    UserRing& operator=(const UserRing&) = delete;

    /// Returns a slot. -ENOSPC: no room, or ECC_USER_RINGBUF_SLOTS are reserved; -E2BIG: such a sample never
    /// has room, or the kernel would not hand it to a program.
    OrErrno<std::int32_t> reserve(std::uint32_t size);
    /// -EINVAL: `sample` is not of the slot's size, which stays reserved; -ENOENT: no such slot.
    OrErrno<> submit(std::int32_t slot, ByteView sample);
    OrErrno<> discard(std::int32_t slot);

    /// Readable when a program has drained samples since forget_drained(): a look at the buffer that comes
    /// after that call misses none.
    int drained_fd() const { return drained_.get(); }
    void forget_drained();

private:
    struct Free {
        void operator()(user_ring_buffer* ring) const { user_ring_buffer__free(ring); }
    };
    struct Sample {
        void* place = nullptr;
        std::uint32_t size = 0;
    };
    UserRing() = default;
    std::int32_t next_slot();

    std::unique_ptr<user_ring_buffer, Free> ring_;
    FileDescriptor drained_;
    std::map<std::int32_t, Sample> reserved_;
    std::int32_t last_slot_ = -1;
};

} // namespace ecc
