#include "compiler/bpf_link.h"

#include "compiler/memory_file.h"

#include <bpf/libbpf.h>
#include <cstdarg>
#include <fmt/format.h>
#include <memory>

namespace ecc {
namespace {

// libbpf has one print function per process and gives it no context.
thread_local std::string* message_sink = nullptr;

[[gnu::format(printf, 2, 0)]] int collect_message(libbpf_print_level level, const char* format, std::va_list values) {
    char line[1024];
    const int length = std::vsnprintf(line, sizeof line, format, values);
    if (message_sink && level == LIBBPF_WARN && length > 0)
        message_sink->append(line);
    return length;
}

/// libbpf's warnings of one scope.
class Messages {
public:
    Messages() : previous_(libbpf_set_print(collect_message)) { message_sink = &text_; }
    Messages(const Messages&) = delete;
    Messages& operator=(const Messages&) = delete;
    ~Messages() {
        message_sink = nullptr;
        libbpf_set_print(previous_);
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
    libbpf_print_fn_t previous_;
};

struct FreeLinker {
    void operator()(bpf_linker* linker) const { bpf_linker__free(linker); }
};

/// "libbpf: fd:7: bad\n" -> "a.bpf.c: bad": the lines joined, with the names that the user knows.
std::string readable(std::string text, const std::string& descriptor, const std::string& name) {
    for (const auto& [from, to] : {std::pair<std::string, std::string>{"libbpf: ", ""}, {descriptor, name}, {"\n", "; "}})
        for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos; at += to.size())
            text.replace(at, from.size(), to);
    return text.ends_with("; ") ? text.substr(0, text.size() - 2) : text;
}

std::unexpected<Error> link_error(const std::string& where, int error, std::string messages) {
    if (messages.empty())
        messages = std::generic_category().message(-error);
    return input_error(where, fmt::format("libbpf cannot link this object: {}", messages));
}

} // namespace

Result<Bytes> link_bpf_objects(const std::vector<ObjectFile>& objects) {
    const Messages messages;
    ECC_TRY(const MemoryFile output, MemoryFile::make("linked.bpf.o", {}));
    std::unique_ptr<bpf_linker, FreeLinker> linker(bpf_linker__new_fd(output.descriptor(), nullptr));
    if (!linker)
        return environment_error("libbpf", "cannot start the BPF linker: " + readable(messages.text(), "", ""));
    for (const ObjectFile& object : objects) {
        ECC_TRY(const MemoryFile input, MemoryFile::make(object.name, object.content));
        if (int error = bpf_linker__add_fd(linker.get(), input.descriptor(), nullptr))
            return link_error(object.name, error,
                              readable(messages.text(), fmt::format("fd:{}", input.descriptor()), object.name));
    }
    if (int error = bpf_linker__finalize(linker.get()))
        return link_error(objects.front().name, error, readable(messages.text(), "", ""));
    return output.read();
}

} // namespace ecc
