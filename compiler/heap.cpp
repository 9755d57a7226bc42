#include "compiler/heap.h"

#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ecc {
namespace {

constexpr int largest_mmap_threshold = 32 << 20; // mallopt(3) refuses more
constexpr int reserve = 64 << 20;
constexpr std::uintptr_t large_page = 2u << 20;

std::uintptr_t heap_end() {
    return reinterpret_cast<std::uintptr_t>(::sbrk(0));
}

} // namespace

void prepare_heap() {
    ::mallopt(M_MMAP_THRESHOLD, largest_mmap_threshold);
    ::mallopt(M_TRIM_THRESHOLD, 4 * reserve);
    ::mallopt(M_TOP_PAD, reserve);
    const std::uintptr_t start = (heap_end() + large_page - 1) & ~(large_page - 1);
    std::free(std::malloc(large_page)); // more than is left, so the heap grows
    if (const std::uintptr_t end = heap_end(); end > start)
        ::madvise(reinterpret_cast<void*>(start), end - start, MADV_HUGEPAGE);
}

} // namespace ecc
