#include "tests/bad/bad_input.h"

#include "packager/package/wasm_module.h"

#include <algorithm>

namespace ecc::test {

const char* const good_source = R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
const volatile int wanted = 1;
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { return wanted; }
char LICENSE[] SEC("license") = "GPL";
)";

fs::path BadInput::write(const std::string& name, std::string_view text) const {
    EXPECT_TRUE(write_file(path(name), as_bytes(text)));
    return path(name);
}

const Bytes& BadInput::package() {
    static const Bytes bytes = [] {
        auto folder = *TempDir::make();
        const auto source = folder.path() / "good.bpf.c";
        const auto target = folder.path() / "good.wasm";
        EXPECT_TRUE(write_file(source, as_bytes(good_source)));
        const Output output = run({ecc(), source, "-o", target});
        EXPECT_EQ(output.status, 0) << output.err;
        return read_file(target).value_or(Bytes{});
    }();
    return bytes;
}

ByteView BadInput::module() {
    const auto sections = *wasm_sections(package(), "good.wasm");
    const auto ours = std::ranges::find_if(
        sections, [](const WasmSection& section) { return section.name.starts_with("ecc."); });
    const ByteView last = std::prev(ours)->payload;
    return ByteView(package()).first(static_cast<std::size_t>(last.data() + last.size() - package().data()));
}

Bytes BadInput::with_contents(const Package& contents) {
    return *write_package(module(), contents);
}

std::set<std::string> BadInput::files() const {
    std::set<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(folder_.path()))
        names.insert(entry.path().lexically_relative(folder_.path()));
    return names;
}

void BadInput::expect_refused(const Command& command, int status,
                              const std::vector<std::string>& words) const {
    Command in_folder = {"env", "-C", folder_.path()};
    in_folder.insert(in_folder.end(), command.begin(), command.end());
    const auto before = files();
    const Output output = run(in_folder);
    EXPECT_EQ(output.status, status) << output.err;
    for (const std::string& word : words)
        EXPECT_THAT(output.err, testing::HasSubstr(word));
    EXPECT_EQ(files(), before) << "something was left behind";
}

} // namespace ecc::test
