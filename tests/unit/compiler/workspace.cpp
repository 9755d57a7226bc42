#include "tests/unit/compiler/workspace.h"

#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ecc::testing {

CapturedLog::CapturedLog()
    : stream_(::open_memstream(&data_, &size_)), log_(std::make_unique<BuildLog>(stream_, false)) {}

CapturedLog::~CapturedLog() {
    std::fclose(stream_);
    std::free(data_);
}

std::string CapturedLog::text() {
    std::fflush(stream_);
    return {data_, size_};
}

Workspace::Workspace() : folder_(TempDir::make().value()) {}

std::filesystem::path Workspace::write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = path(name);
    std::filesystem::create_directories(file.parent_path());
    EXPECT_TRUE(write_file(file, as_bytes(text)));
    return file;
}

Resources resources() {
    return find_resources().value();
}

std::string tracepoint_program(const std::string& name, const std::string& body) {
    return fmt::format(
        "__attribute__((section(\"tracepoint/syscalls/sys_enter_openat\"), used)) int {}(void *ctx)\n"
        "{{ {} }}\n"
        "char LICENSE[] __attribute__((section(\"license\"), weak)) = \"GPL\";\n",
        name, body);
}

} // namespace ecc::testing
