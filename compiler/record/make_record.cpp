#include "compiler/record/make_record.h"

#include "compiler/record/components.h"
#include "compiler/record/git_checkout.h"
#include "support/digest.h"

#include <algorithm>
#include <ctime>

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// As on a command line of clang's.
std::vector<std::string> spelled(const CompilerFlags& flags) {
    const std::pair<const char*, const std::vector<std::string>*> options[] = {
        {"-I", &flags.include_folders},       {"-D", &flags.definitions}, {"-U", &flags.undefinitions},
        {"-include", &flags.forced_includes}, {"-W", &flags.warnings},    {"-std=", &flags.standards}};
    std::vector<std::string> words;
    for (const auto& [option, values] : options)
        for (const std::string& value : *values)
            words.push_back(option + value);
    return words;
}

/// What no compiler of ours read as a file: the module of a guest folder, and standard input.
void add_inputs_without_a_file(BuildRecord& record, const FinishedBuild& build) {
    const std::vector<ManifestInput>& inputs = build.manifest.build.inputs;
    const auto add = [&](const ManifestInput& input) {
        record.sources.push_back({input.path, input.digest});
    };
    if (build.options.guest)
        add(inputs.back());
    if (std::ranges::find(build.options.sources, "-") != build.options.sources.end())
        add(*std::ranges::find(inputs, build.manifest.name + ".bpf.c", &ManifestInput::path));
}

/// Standard input is in no checkout, nor is what is built with it.
RecordedCheckout checkout_of(const FinishedBuild& build, const std::vector<RecordedFile>& sources) {
    if (build.options.sources.empty() || build.options.sources.front() == "-")
        return {};
    std::vector<fs::path> read;
    for (const RecordedFile& source : sources)
        read.emplace_back(source.name);
    if (build.options.guest)
        read.emplace_back(*build.options.guest);
    return find_checkout(fs::path(build.options.sources.front()).parent_path(), read);
}

} // namespace

Result<BuildRecord> make_build_record(const FinishedBuild& build, const Resources& resources) {
    ECC_TRY(UsedFiles used, find_used_files(build.files, resources));
    const ManifestBuild& tools = build.manifest.build;
    BuildRecord record{.package = {build.output.filename().string(), sha256_digest(build.package)},
                       .tool = tools.tool.substr(tools.tool.find(' ') + 1),
                       .llvm = tools.llvm,
                       .libbpf = tools.libbpf,
                       .checkout = checkout_of(build, used.sources),
                       .sources = std::move(used.sources),
                       .components = std::move(used.components),
                       .btf_digest = tools.btf_digest,
                       .architectures = {},
                       .flags = spelled(build.options.flags),
                       .log = std::string(build.log),
                       .started = build.started,
                       .finished = std::time(nullptr)};
    for (const KernelTarget& target : build.options.targets)
        record.architectures.emplace_back(target.architecture->name);
    add_inputs_without_a_file(record, build);
    return record;
}

} // namespace ecc
