#include "compiler/bpf_link.h"

#include "compiler/memory_file.h"
#include "skelgen/libbpf_hint.h"
#include "skelgen/libbpf_log.h"

#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <memory>
#include <system_error>

namespace ecc {
namespace {

struct FreeLinker {
    void operator()(bpf_linker* linker) const { bpf_linker__free(linker); }
};

struct Input {
    const ObjectFile& object;
    MemoryFile file;
};

/// libbpf calls a file that it has no name for 'fd:4'.
std::string with_names(std::string text, const std::vector<Input>& inputs) {
    for (const Input& input : inputs) {
        const std::string number = fmt::format("'fd:{}'", input.file.descriptor());
        for (std::size_t at = 0; (at = text.find(number, at)) != std::string::npos;)
            text.replace(at, number.size(), input.object.name);
    }
    return text;
}

std::unexpected<Error> link_error(const std::string& where, int error, const LibbpfLog& log,
                                  const std::vector<Input>& inputs) {
    const std::string reason = with_names(log.summary(std::generic_category().message(-error)), inputs);
    return input_error(where, "libbpf cannot link this object: " + reason, libbpf_hint(reason));
}

} // namespace

Result<Bytes> link_bpf_objects(const std::vector<ObjectFile>& objects) {
    const LibbpfLog log;
    ECC_TRY(const MemoryFile output, MemoryFile::make("linked.bpf.o", {}));
    const std::unique_ptr<bpf_linker, FreeLinker> linker(bpf_linker__new_fd(output.descriptor(), nullptr));
    if (!linker)
        return environment_error("libbpf", log.summary("cannot start the BPF linker"));
    std::vector<Input> inputs;
    for (const ObjectFile& object : objects) {
        ECC_TRY(MemoryFile file, MemoryFile::make(object.name, object.content));
        inputs.push_back({object, std::move(file)});
        if (const int error = bpf_linker__add_fd(linker.get(), inputs.back().file.descriptor(), nullptr))
            return link_error(object.name, error, log, inputs);
    }
    if (const int error = bpf_linker__finalize(linker.get()))
        return link_error(objects.front().name, error, log, inputs);
    return output.read();
}

} // namespace ecc
