// bpfman's bytecode images: an index with one image for each architecture, whose only layer has the object at
// its root. Labels tell programs and maps without opening it (bpfman, "eBPF Bytecode Image Specifications").

#include "packager/json.h"
#include "packager/oci/format.h"
#include "packager/oci/image_config.h"
#include "packager/oci/tar.h"

#include <algorithm>

namespace ecc {
namespace {

struct Spelling {
    std::string_view ours, theirs;
};

/// Section prefixes whose program type bpfman spells in its own way; the others it spells like the prefix.
constexpr Spelling program_spellings[] = {
    {"tp", "tracepoint"},       {"classifier", "tc"},       {"tcx", "tcx"},
    {"kretprobe", "kretprobe"}, {"uretprobe", "uretprobe"},
};

constexpr Spelling map_spellings[] = {
    {"percpu_array", "per_cpu_array"},
    {"percpu_hash", "per_cpu_hash"},
    {"lru_percpu_hash", "lru_per_cpu_hash"},
    {"ringbuf", "ring_buf"},
};

std::string spelled(std::span<const Spelling> spellings, std::string_view name) {
    auto found = std::ranges::find(spellings, name, &Spelling::ours);
    return std::string(found == spellings.end() ? name : found->theirs);
}

/// "xdp" of "xdp/ingress", "kprobe" of "kprobe/do_unlinkat".
std::string_view prefix_of(std::string_view section) {
    return section.substr(0, section.find_first_of("/.+"));
}

std::map<std::string, std::string> labels_of(const Manifest& manifest) {
    auto programs = nlohmann::json::object(), maps = nlohmann::json::object();
    for (const ManifestProgram& program : manifest.programs)
        programs[program.name] = spelled(program_spellings, prefix_of(program.section));
    for (const ManifestMap& map : manifest.maps)
        if (!map.name.starts_with('.')) // globals are maps of libbpf's, not of the program
            maps[map.name] = spelled(map_spellings, map.type);
    return {{"io.ebpf.programs", json_text(programs)}, {"io.ebpf.maps", json_text(maps)}};
}

/// The name becomes a path in the layer.
std::string object_file_name(const std::string& name) {
    std::string file = name.substr(name.rfind('/') + 1);
    return (file.empty() || file.starts_with('.') ? "program" : file) + ".o";
}

} // namespace

Result<PackedFormat> pack_bpfman(const FormatInput& input) {
    PackedFormat packed{.indexed = true};
    for (const EmbeddedObject& object : input.package.objects) {
        ECC_TRY(auto layer,
                make_tar_layer({tar_entry(object_file_name(object.name), object.elf)}, input.created));
        const Platform platform{"linux", input.go_architecture(object.architecture)};
        const bool twice = std::ranges::find(packed.artifacts, platform, &PlatformArtifact::platform) !=
                           packed.artifacts.end();
        if (twice)
            return input_error(object.name, "is a second BPF object for " + platform.architecture,
                               "the format bpfman takes one object for each architecture");
        Blob config = make_image_config({.platform = platform,
                                         .labels = labels_of(input.package.manifest),
                                         .diff_ids = {layer.diff_id},
                                         .created = input.created});
        packed.artifacts.push_back({{.config = std::move(config),
                                     .layers = {std::move(layer.blob)},
                                     .annotations = input.annotations},
                                    platform});
    }
    if (packed.artifacts.empty())
        return input_error(input.package.manifest.name, "has no BPF object for the format bpfman");
    return packed;
}

} // namespace ecc
