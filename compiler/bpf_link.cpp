#include "compiler/bpf_link.h"

#include "compiler/memory_file.h"
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

std::unexpected<Error> link_error(const std::string& where, int error, const LibbpfLog& log) {
    return input_error(where, fmt::format("libbpf cannot link this object: {}",
                                          log.summary(std::generic_category().message(-error))));
}

} // namespace

Result<Bytes> link_bpf_objects(const std::vector<ObjectFile>& objects) {
    const LibbpfLog log;
    ECC_TRY(const MemoryFile output, MemoryFile::make("linked.bpf.o", {}));
    const std::unique_ptr<bpf_linker, FreeLinker> linker(bpf_linker__new_fd(output.descriptor(), nullptr));
    if (!linker)
        return environment_error("libbpf", log.summary("cannot start the BPF linker"));
    for (const ObjectFile& object : objects) {
        ECC_TRY(const MemoryFile input, MemoryFile::make(object.name, object.content));
        if (const int error = bpf_linker__add_fd(linker.get(), input.descriptor(), nullptr))
            return link_error(object.name, error, log);
    }
    if (const int error = bpf_linker__finalize(linker.get()))
        return link_error(objects.front().name, error, log);
    return output.read();
}

} // namespace ecc
