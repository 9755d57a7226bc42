#include "compiler/gen.h"

#include "btfgen/layout.h"
#include "btfgen/opaque_types.h"
#include "compiler/kernel_part.h"
#include "compiler/resources.h"
#include "compiler/vmlinux_source.h"
#include "packager/package/package.h"
#include "skelgen/elf_sections.h"
#include "skelgen/retained_records.h"
#include "support/files.h"

#include <algorithm>
#include <elf.h>
#include <fmt/format.h>
#include <memory>

namespace ecc {
namespace {

namespace fs = std::filesystem;

enum class InputKind : std::uint8_t { source, object, btf, package };

InputKind kind_of(ByteView bytes) {
    const std::string_view text = as_text(bytes);
    if (text.starts_with("\x7f"
                         "ELF"))
        return InputKind::object;
    if (text.starts_with(std::string_view("\0asm", 4)))
        return InputKind::package;
    // BTF's magic 0xeB9F in either byte order: what reads it says why a big-endian one is refused.
    if (text.starts_with("\x9f\xeb") || text.starts_with("\xeb\x9f"))
        return InputKind::btf;
    return InputKind::source;
}

/// A kernel or a module of one: of its BTF only the types are of use.
bool is_kernel_image(ByteView elf) {
    constexpr std::size_t machine_at = 18; // e_machine of Elf64_Ehdr
    return elf.size() > machine_at + 1 && (elf[machine_at] | elf[machine_at + 1] << 8) != EM_BPF;
}

struct Input {
    std::string where;
    std::string stem;
    Bytes bytes;
    InputKind kind;
};

Result<Input> read_input(const fs::path& path) {
    Input input{path == "-" ? standard_input_source : path.string(),
                path == "-" ? "stdin" : source_stem(path),
                {},
                {}};
    ECC_TRY(input.bytes, path == running_kernel ? read_kernel_btf() : read_file(path));
    if (input.bytes.empty())
        return input_error(
            input.where, "the file is empty, expected BPF C, a BPF object or BTF",
            "the file again from where it comes; /sys/kernel/btf/vmlinux is this kernel's BTF");
    input.kind = kind_of(input.bytes);
    if (input.kind == InputKind::source && std::ranges::find(input.bytes, 0) != input.bytes.end())
        return input_error(
            input.where, "this is a binary file, but no BPF object, BTF or package",
            "give a .bpf.c, an object, a BTF file such as /sys/kernel/btf/vmlinux, or a package");
    return input;
}

SourceFile as_source(const Input& input) {
    return {input.where, std::string(as_text(input.bytes))};
}

/// The object has the type without the number that tells it from others of its name in the package.
TypeReference reference_to(const ManifestType& type, const Manifest& manifest) {
    const std::string original = type.name.substr(0, type.name.rfind("___"));
    const bool is_numbered = std::ranges::count(manifest.types, original, &ManifestType::name) != 0;
    RecordShape shape(type.size);
    for (const ManifestMember& member : type.members)
        shape.add_member(member.name, member.offset_bits, member.size_bits);
    return {is_numbered ? original : type.name, shape.text()};
}

/// What the package knows of its records, which are not in the object's maps.
Annotations annotations_of(const Manifest& manifest) {
    Annotations annotations;
    for (const ManifestMap& map : manifest.maps)
        for (const std::string& name : map.records)
            if (const auto type = std::ranges::find(manifest.types, name, &ManifestType::name);
                type != manifest.types.end())
                annotations.records[map.name].push_back(reference_to(*type, manifest));
    return annotations;
}

/// The object of a package for that architecture, under the package's name.
Result<Input> object_of_package(const Input& input, const Architecture& architecture,
                                Annotations& annotations) {
    ECC_TRY(Package package, read_package(input.bytes, input.where));
    const auto object = std::ranges::find(package.objects, architecture.name, &EmbeddedObject::architecture);
    if (object == package.objects.end())
        return input_error(input.where,
                           fmt::format("this package has no BPF object for {}", architecture.name),
                           "`ecc inspect` shows which it has; choose one with --arch");
    annotations = annotations_of(package.manifest);
    return Input{input.where, package.manifest.name, std::move(object->elf), InputKind::object};
}

/// The section .BTF of an object for any machine: a vmlinux or a kernel module has one too.
Result<Bytes> btf_of_object(const Input& input) {
    ECC_TRY(const auto sections, elf_sections(input.bytes, input.where));
    const auto btf = std::ranges::find(sections, ".BTF", &ElfSection::name);
    if (btf == sections.end())
        return input_error(input.where, "this object has no BTF: there is no section .BTF",
                           "compile it with clang -g");
    return Bytes(btf->data.begin(), btf->data.end());
}

void add_root_types(BindingModel& model, const std::vector<TypeId>& types) {
    for (const TypeId type : types)
        if (std::ranges::find(model.root_types, type) == model.root_types.end())
            model.root_types.push_back(type);
}

class Generation {
public:
    Generation(const GenOptions& options, BuildLog& log) : options_(options), log_(log) {}

    Result<std::string> run() {
        ECC_TRY(resources_, find_resources());
        ECC_TRY(Input input, read_input(options_.input));
        if (!options_.base.empty() && (options_.kind != GenKind::types || input.kind == InputKind::source))
            return usage_error(
                "--base-btf is for the types of a kernel module",
                fmt::format("ecc gen types --base-btf {} {}", options_.base.string(), input.where));
        if (input.kind == InputKind::package) {
            ECC_TRY(input, object_of_package(input, *options_.target.architecture, annotations_));
        }
        switch (options_.kind) {
        case GenKind::skeleton:
            return skeleton(input);
        case GenKind::types:
            return types(input);
        case GenKind::vmlinux:
            return vmlinux(input);
        }
        std::unreachable();
    }

private:
    KernelPartOptions kernel_options() const { return {options_.flags, options_.target}; }
    Renderer renderer() const { return Renderer(resources_.templates()); }

    Result<BindingModel> model(const Input& input) const {
        KernelPart kernel;
        if (input.kind == InputKind::object) {
            kernel.object = input.bytes;
            kernel.annotations = annotations_;
        } else {
            ECC_TRY(kernel, compile_kernel_part({as_source(input)}, kernel_options(), resources_, log_));
        }
        ECC_TRY(BpfObject object,
                read_bpf_object(skeleton_name(input.stem + ".bpf.o"), std::move(kernel.object), input.where,
                                options_.opaque_types));
        ECC_TRY(BindingModel model,
                make_binding_model(std::move(object), std::move(kernel.annotations), input.stem));
        if (input.kind == InputKind::object && model.records.empty())
            add_root_types(model, retained_records(model.object));
        return model;
    }

    Result<std::string> skeleton(const Input& input) const {
        if (input.kind == InputKind::btf)
            return input_error(input.where, "BTF alone has no programs and maps, so it has no skeleton",
                               "give a .bpf.c or an object");
        ECC_TRY(const BindingModel bindings, model(input));
        ECC_TRY(RenderedFile file, renderer().skeleton(bindings, options_.language, options_.types));
        return std::move(file.text);
    }

    /// The kernel's own folder has the base beside each module's BTF.
    fs::path base_of(const Input& input) const {
        const fs::path path = input.where;
        const bool is_module =
            path.parent_path() == fs::path(running_kernel).parent_path() && path != fs::path(running_kernel);
        return options_.base.empty() && is_module ? fs::path(running_kernel) : options_.base;
    }

    Result<TypeGraph> graph_of(const Input& input) const {
        Bytes blob = input.bytes;
        if (input.kind == InputKind::object) {
            ECC_TRY(blob, btf_of_object(input));
        }
        const fs::path base_path = base_of(input);
        if (base_path.empty())
            return parse_type_graph(blob, input.where);
        ECC_TRY(Input base, read_input(base_path));
        if (base.kind == InputKind::object) {
            ECC_TRY(base.bytes, btf_of_object(base));
        }
        return parse_split_type_graph(blob, input.where, base.bytes, base.where);
    }

    Result<std::string> types(const Input& input) const {
        if (input.kind == InputKind::btf ||
            (input.kind == InputKind::object && is_kernel_image(input.bytes))) {
            ECC_TRY(TypeGraph graph, graph_of(input));
            ECC_CHECK(allow_opaque(graph, options_.opaque_types));
            ECC_TRY(const LayoutSet layouts, compute_layouts(std::move(graph), input.where));
            ECC_TRY(RenderedFile file,
                    renderer().types(layouts, input.stem, options_.language, options_.types));
            return std::move(file.text);
        }
        ECC_TRY(const BindingModel bindings, model(input));
        ECC_TRY(RenderedFile file, renderer().types(bindings, options_.language, options_.types));
        return std::move(file.text);
    }

    Result<std::string> vmlinux(const Input& input) const {
        if (input.kind == InputKind::source)
            return cut_vmlinux_header({as_source(input)}, kernel_options(), resources_);
        Bytes blob = input.bytes;
        if (input.kind == InputKind::object) {
            ECC_TRY(blob, btf_of_object(input));
        }
        ECC_TRY(const VmlinuxBtf parsed, VmlinuxBtf::parse(blob, input.where));
        return parsed.full_header();
    }

    const GenOptions& options_;
    BuildLog& log_;
    Resources resources_;
    Annotations annotations_; // of a package
};

} // namespace

Result<std::string> generate(const GenOptions& options, BuildLog& log) {
    return Generation(options, log).run();
}

} // namespace ecc
