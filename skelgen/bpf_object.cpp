#include "skelgen/bpf_object.h"

#include "btfgen/c_names.h"
#include "btfgen/opaque_types.h"
#include "skelgen/elf_sections.h"
#include "skelgen/libbpf_hint.h"
#include "skelgen/libbpf_log.h"

#include <algorithm>
#include <array>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <memory>

namespace ecc {

namespace {

/// An initial value is copied into packages and memory; a kernel refuses larger arrays long before.
constexpr std::size_t max_initial_value = 64u << 20;

struct ObjectCloser {
    void operator()(bpf_object* object) const { bpf_object__close(object); }
};
using ObjectHandle = std::unique_ptr<bpf_object, ObjectCloser>;

class Reader {
public:
    Reader(BpfObject& out, const std::string& where, const std::vector<std::string>& opaque_types)
        : out_(out), where_(where), opaque_types_(opaque_types) {}

    Result<void> run() {
        ECC_TRY(sections_, bpf_elf_sections(out_.elf, where_));
        ECC_CHECK(check_btf());
        ECC_CHECK(open());
        ECC_CHECK(read_types());
        read_license();
        ECC_CHECK(read_programs());
        return read_maps();
    }

private:
    /// libbpf takes much of BTF on trust, so it only gets what our own reader accepted.
    Result<void> check_btf() const {
        const auto section = std::ranges::find(sections_, ".BTF", &ElfSection::name);
        if (section == sections_.end())
            return input_error(where_,
                               "the object has no BTF, which the types of its maps and globals come from",
                               "Compile it with -g.");
        ECC_CHECK(parse_type_graph(section->data, where_));
        return {};
    }

    Result<void> open() {
        LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = out_.name.c_str());
        const LibbpfLog log;
        object_.reset(bpf_object__open_mem(out_.elf.data(), out_.elf.size(), &options));
        if (object_)
            return {};
        const std::string reason = log.summary("it gives no reason");
        return input_error(where_, "libbpf cannot open this object: " + reason, libbpf_hint(reason));
    }

    /// libbpf's copy of the BTF, in which the sizes and offsets of data sections are filled in.
    Result<void> read_types() {
        std::uint32_t size = 0;
        const btf* types = bpf_object__btf(object_.get());
        const void* data = types != nullptr ? btf__raw_data(types, &size) : nullptr;
        if (data == nullptr)
            return input_error(where_, "libbpf does not read the BTF of this object", libbpf_hint({}));
        const ByteView bytes(static_cast<const std::uint8_t*>(data), size);
        ECC_TRY(TypeGraph graph, parse_type_graph(bytes, where_));
        ECC_CHECK(allow_opaque(graph, opaque_types_));
        ECC_TRY(out_.layouts, compute_layouts(std::move(graph), where_));
        return {};
    }

    void read_license() {
        const auto section = std::ranges::find(sections_, "license", &ElfSection::name);
        if (section == sections_.end())
            return;
        const std::string_view text = as_text(section->data);
        out_.license = text.substr(0, text.find('\0'));
    }

    Result<void> read_programs() {
        for (bpf_program* program = nullptr;
             (program = bpf_object__next_program(object_.get(), program)) != nullptr;) {
            out_.programs.push_back(describe(program));
        }
        if (out_.programs.empty())
            return input_error(where_, "no BPF program in this file", "Put SEC(\"...\") before a function.");
        return {};
    }

    static BpfProgram describe(const bpf_program* program) {
        const std::uint32_t type = bpf_program__type(program); // may be newer than this build's bpf_prog_type
        const char* type_name = libbpf_bpf_prog_type_str(static_cast<bpf_prog_type>(type));
        BpfProgram out;
        out.name = bpf_program__name(program);
        out.section = bpf_program__section_name(program);
        out.type = type_name != nullptr ? type_name : fmt::format("type {}", type);
        if (const auto slash = out.section.find('/'); slash != std::string::npos)
            out.target = out.section.substr(slash + 1);
        out.is_loaded = bpf_program__autoload(program);
        return out;
    }

    Result<void> read_maps() {
        bpf_map* map = nullptr;
        bpf_object__for_each_map(map, object_.get()) {
            ECC_CHECK(read_map(map));
        }
        return {};
    }

    Result<void> read_map(const bpf_map* map) {
        const std::string name = bpf_map__name(map);
        const char* type = libbpf_bpf_map_type_str(bpf_map__type(map));
        if (type == nullptr || bpf_map__type(map) == BPF_MAP_TYPE_UNSPEC)
            return input_error(where_,
                               fmt::format("map '{}' has type {}, which libbpf {} does not know", name,
                                           static_cast<unsigned>(bpf_map__type(map)),
                                           libbpf_version_string()),
                               "Take one of enum bpf_map_type in <linux/bpf.h>.");
        const TypeId section = section_type(map);
        BpfMap& out = out_.maps.emplace_back();
        out.name = name;
        out.type = type;
        out.type_number = bpf_map__type(map);
        out.key_size = bpf_map__key_size(map);
        out.value_size = bpf_map__value_size(map);
        out.max_entries = bpf_map__max_entries(map);
        out.flags = bpf_map__map_flags(map);
        out.key_type = known_type(bpf_map__btf_key_type_id(map));
        out.value_type = section != 0 ? 0 : known_type(bpf_map__btf_value_type_id(map));
        if (const bpf_map* inner = bpf_map__inner_map(const_cast<bpf_map*>(map))) {
            out.inner_key_type = known_type(bpf_map__btf_key_type_id(inner));
            out.inner_value_type = known_type(bpf_map__btf_value_type_id(inner));
        }
        out.is_internal = bpf_map__is_internal(map);
        out.mmapable = out.is_internal && (out.flags & BPF_F_MMAPABLE) != 0;
        const std::string ident = bpf_map__is_internal(map) ? internal_ident(map, section) : name;
        out.ident = idents_.claim(ident);
        return section != 0 ? read_section(map, section, ident) : Result<void>();
    }

    /// The BTF data section that a map of libbpf's own holds, or 0.
    TypeId section_type(const bpf_map* map) const {
        const TypeId id = known_type(bpf_map__btf_value_type_id(map));
        const bool is_section = out_.layouts.graph.at(id).kind == TypeKind::data_section;
        return bpf_map__is_internal(map) && is_section ? id : 0;
    }

    TypeId known_type(TypeId id) const { return id < out_.layouts.graph.types.size() ? id : 0; }

    /// ".rodata" -> "rodata", ".data.foo" -> "data_foo". The map's own name is cut to the kernel's 15
    /// characters.
    std::string internal_ident(const bpf_map* map, TypeId section) const {
        std::string name = section != 0 ? out_.layouts.graph.at(section).name : bpf_map__name(map);
        if (section == 0) // "bootstra.rodata"
            name.erase(0, std::min(name.find('.'), name.size()));
        name.erase(0, std::min(name.find_first_not_of('.'), name.size()));
        return c_identifier(name);
    }

    Result<void> read_section(const bpf_map* map, TypeId type, const std::string& ident) {
        DataSection section;
        section.name = out_.layouts.graph.at(type).name;
        section.ident = ident;
        section.map_name = bpf_map__name(map);
        std::size_t size = 0;
        const void* initial = bpf_map__initial_value(map, &size);
        if (initial != nullptr && size > max_initial_value)
            return input_error(where_, fmt::format("section {} has {} bytes, the limit is {}", section.name,
                                                   size, max_initial_value));
        if (initial != nullptr)
            section.initial.assign(static_cast<const std::uint8_t*>(initial),
                                   static_cast<const std::uint8_t*>(initial) + size);
        ECC_CHECK(read_variables(section, type, bpf_map__value_size(map)));
        out_.data_sections.push_back(std::move(section));
        return {};
    }

    /// Without the statics that LLVM's GlobalOpt made smaller than their type, which it keeps in BTF: one
    /// that only ever has two values becomes a byte, of a struct or array the parts that are used stay
    /// ("stats.0").
    Result<void> read_variables(DataSection& section, TypeId type, std::uint32_t section_size) const {
        const TypeGraph& graph = out_.layouts.graph;
        for (const SectionVariable& entry : graph.at(type).variables) {
            const Type& type_of_entry = graph.at(entry.type);
            if (type_of_entry.kind != TypeKind::variable)
                continue;
            GlobalVariable variable;
            variable.name = type_of_entry.name;
            variable.type = type_of_entry.target;
            variable.offset = entry.offset;
            variable.size = entry.size;
            variable.is_const = section.name.starts_with(".rodata");
            variable.is_static = type_of_entry.linkage == BTF_VAR_STATIC;
            const std::uint64_t type_size = out_.layouts.size_of(variable.type);
            if (variable.is_static && variable.size < type_size)
                continue;
            const std::uint64_t end = entry.offset + type_size;
            if (end > section_size || std::uint64_t{entry.offset} + entry.size > section_size)
                return input_error(where_, fmt::format("variable '{}' lies outside section {}", variable.name,
                                                       section.name));
            section.variables.push_back(std::move(variable));
        }
        std::ranges::stable_sort(section.variables, {}, &GlobalVariable::offset);
        name_variables(section.variables);
        return {};
    }

    /// Globals keep their names, also from statics before them.
    static void name_variables(std::vector<GlobalVariable>& variables) {
        NameScope scope([](std::string_view name) { return std::string(name); }, "_");
        for (GlobalVariable& variable : variables)
            if (!variable.is_static)
                variable.ident = scope.claim(variable.name);
        for (GlobalVariable& variable : variables)
            if (variable.is_static && !is_text_of_macro(variable.name))
                variable.ident = scope.claim(without_dots(variable.name));
    }

    /// "handle_exec.____fmt": bpf_printk(), bpf_snprintf() and their like keep their formats in statics.
    static bool is_text_of_macro(std::string_view name) { return name.contains(".___"); }

    /// "____handle_exec.calls": BPF_PROG() and its like put what follows them into a function of that name.
    static std::string without_dots(std::string name) {
        constexpr std::string_view inner = "____";
        if (name.starts_with(inner) && name.contains('.'))
            name.erase(0, inner.size());
        std::ranges::replace(name, '.', '_');
        return name;
    }

    BpfObject& out_;
    const std::string& where_;
    const std::vector<std::string>& opaque_types_;
    std::vector<ElfSection> sections_;
    ObjectHandle object_;
    CScope idents_;
};

} // namespace

std::string skeleton_name(std::string_view file_name) {
    if (const auto slash = file_name.rfind('/'); slash != std::string_view::npos)
        file_name.remove_prefix(slash + 1);
    if (file_name.ends_with(".o"))
        file_name.remove_suffix(2);
    return c_identifier(file_name);
}

Result<BpfObject> read_bpf_object(std::string name, Bytes elf, const std::string& where,
                                  const std::vector<std::string>& opaque_types) {
    BpfObject object;
    object.name = std::move(name);
    object.elf = std::move(elf);
    ECC_CHECK(Reader(object, where, opaque_types).run());
    return object;
}

} // namespace ecc
