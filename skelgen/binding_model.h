// What generated code says, without how it looks. In: a BpfObject and the Annotations of its source. Out: the
// names, types and records that every template renders from.
#pragma once

#include "skelgen/annotations.h"
#include "skelgen/bpf_object.h"

namespace ecc {

struct RecordBinding { ///< one record type that travels through a ring buffer
    std::string map;
    std::string name; ///< "event"
    TypeId type = 0;
};

struct SettingBinding { ///< a `const volatile` global that a user may set
    std::string name;
    std::string flag;       ///< "min-duration-ns"
    std::string short_flag; ///< one letter or empty
    std::string help;
    std::string section; ///< ".rodata"
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
    TypeId type = 0;
};

struct BindingModel {
    BpfObject object;
    Annotations annotations;
    std::string file_stem; ///< "bootstrap": NAME of NAME.skel.h and NAME.types.h
    std::vector<RecordBinding> records;
    std::vector<SettingBinding> settings;
    std::vector<TypeId> root_types; ///< types of maps, globals and records: what NAME.types.h must define
};

/// An input error if an annotation names a type that the object's BTF lacks.
Result<BindingModel> make_binding_model(BpfObject object, Annotations annotations, std::string file_stem);

} // namespace ecc
