#include "tests/unit/analysis/clang_runs.h"

#include "compiler/analysis/record_finder.h"

#include <gtest/gtest.h>
#include <llvm/Object/ELFObjectFile.h>

namespace ecc::testing {

const char* const bpf_prelude =
    "#define SEC(name) __attribute__((section(name), used)) \n"
    "typedef unsigned int __u32; typedef unsigned long long __u64;"
    "static void *(*const bpf_ringbuf_reserve)(void *map, __u64 size, __u64 flags) = (void *)131;"
    "static long (*const bpf_ringbuf_output)(void *map, void *data, __u64 size, __u64 flags) = (void *)130;"
    "static void (*const bpf_ringbuf_submit)(void *data, __u64 flags) = (void *)132;"
    "static long (*const bpf_perf_event_output)(void *ctx, void *map, __u64 flags, void *data, __u64 size) = "
    "(void *)25;"
    "static void *(*const bpf_map_lookup_elem)(void *map, const void *key) = (void *)1;"
    "struct { int (*type)[27]; int (*max_entries)[4096]; } rb SEC(\".maps\"), rb2 SEC(\".maps\");"
    "struct { int (*type)[4]; int (*key_size)[4]; int (*value_size)[4]; } pb SEC(\".maps\");"
    "struct { int (*type)[2]; int (*max_entries)[1]; __u32 *key; char (*value)[256]; } scratch "
    "SEC(\".maps\");"
    "char LICENSE[] SEC(\"license\") = \"GPL\";\n"
    "#line 1\n";

namespace {

ClangJob job_for(const std::string& source, std::vector<std::string> arguments) {
    ClangJob job;
    job.input = std::string(generated_folder) + "/source";
    job.arguments = std::move(arguments);
    job.files.push_back({job.input, [source] { return source; }});
    return job;
}

std::unique_ptr<llvm::object::ObjectFile> open_object(const Bytes& object) {
    const llvm::StringRef data(reinterpret_cast<const char*>(object.data()), object.size());
    auto file = llvm::object::ObjectFile::createELFObjectFile(llvm::MemoryBufferRef(data, "object"));
    if (!file) {
        ADD_FAILURE() << llvm::toString(file.takeError());
        return nullptr;
    }
    return std::move(*file);
}

} // namespace

ClangOutcome compile_bpf(const std::string& source, const std::function<void(clang::ASTContext&)>& inspect,
                         std::shared_ptr<const std::vector<TypeReference>> described_types) {
    ClangJob job =
        job_for(bpf_prelude + source, {"-cc1", "-triple", "bpfel", "-target-cpu", "v3", "-emit-obj", "-O2",
                                       "-debug-info-kind=constructor", "-dwarf-version=5", "-x", "c"});
    job.inspect = inspect;
    job.described_types = std::move(described_types);
    return run_clang(job);
}

ClangOutcome compile_wasm(const std::string& source, const std::string& language,
                          const std::function<void(clang::ASTContext&)>& inspect) {
    ClangJob job = job_for(source, {"-cc1", "-triple", "wasm32-unknown-wasip1", "-emit-obj", "-x", language});
    job.inspect = inspect;
    return run_clang(job);
}

Bytes object_with_records(const std::string& source) {
    auto types = std::make_shared<std::vector<TypeReference>>();
    const auto inspect = [&](clang::ASTContext& context) {
        Annotations annotations;
        collect_records(context, annotations);
        for (const auto& [map, records] : annotations.records)
            types->insert(types->end(), records.begin(), records.end());
    };
    ClangOutcome outcome = compile_bpf(source, inspect, types);
    EXPECT_TRUE(outcome.ok) << outcome.diagnostics;
    return std::move(outcome.object);
}

Bytes section(const Bytes& object, std::string_view name) {
    const auto file = open_object(object);
    if (!file)
        return {};
    for (const llvm::object::SectionRef& section : file->sections()) {
        auto found = section.getName();
        auto contents = section.getContents();
        if (found && contents && *found == llvm::StringRef(name))
            return Bytes(contents->bytes_begin(), contents->bytes_end());
        llvm::consumeError(found.takeError());
        llvm::consumeError(contents.takeError());
    }
    return {};
}

std::vector<std::string> section_names(const Bytes& object) {
    std::vector<std::string> names;
    const auto file = open_object(object);
    if (!file)
        return names;
    for (const llvm::object::SectionRef& section : file->sections())
        names.push_back(llvm::cantFail(section.getName()).str());
    return names;
}

TypeGraph types_of(const Bytes& object) {
    auto graph = parse_type_graph(section(object, ".BTF"), "object");
    EXPECT_TRUE(graph) << graph.error().what;
    return graph ? *std::move(graph) : TypeGraph{};
}

} // namespace ecc::testing
