#include "tests/unit/analysis/clang_runs.h"

#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>

namespace {

using namespace ecc;
using namespace ecc::testing;

TEST(TypeRetention, leaves_an_object_that_the_kernel_loads) {
    const Bytes object =
        object_with_records("struct event { __u32 pid; struct { long a; } in; struct elsewhere *link; };"
                            "SEC(\"tp/syscalls/sys_enter_openat\") int f(void *c) {"
                            " struct event *e = bpf_ringbuf_reserve(&rb, sizeof(*e), 0);"
                            " if (e) { e->pid = 1; bpf_ringbuf_submit(e, 0); } return 0; }");
    const std::unique_ptr<bpf_object, decltype(&bpf_object__close)> opened(
        bpf_object__open_mem(object.data(), object.size(), nullptr), bpf_object__close);
    ASSERT_NE(opened, nullptr);
    EXPECT_EQ(bpf_object__load(opened.get()), 0) << std::strerror(errno);
}

} // namespace
