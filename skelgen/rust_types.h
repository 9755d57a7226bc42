// The types of a program as the data of templates/rust/types.rs.mustache. Private to skelgen.
#pragma once

#include "skelgen/mustache_file.h"
#include "skelgen/render.h"
#include "skelgen/rust_text.h"

#include <unordered_set>

namespace ecc {

class RustTypes {
public:
    /// Both must outlive it.
    RustTypes(const TypeRequest& request, const TypesOptions& options);

    /// Adds what the request asks for to `root`, and the variables of sections, each as a struct.
    Result<void> define(kainjow::mustache::data& root, const std::vector<RecordLayout>& sections = {});
    /// Makes what has been spelled so far complete: the last call.
    void finish(kainjow::mustache::data& root) const;

    /// After define(): a type from outside of their module, "types::Event".
    std::string type(TypeId type);
    /// The name of the struct of that section.
    const std::string& section(std::size_t index) const;
    /// A name for something beside the types.
    std::string claim(std::string_view name) { return scope_.claim(name); }
    /// All names of types, in the order of their definition.
    const std::vector<std::string>& names() const { return defined_; }
    /// Types of the template that are values by themselves, and whether they are there.
    std::vector<std::pair<std::string, bool>> helpers() const {
        return {{"Bool", uses_.boolean}, {"U128", uses_.wide}, {"I128", uses_.wide}};
    }

private:
    struct Scopes;

    void keep_from_constants();
    kainjow::mustache::data enumerations(const PlainTypes& types, bool with_name);
    kainjow::mustache::data describe(const PlainEnumeration& enumeration, const Type& type);
    kainjow::mustache::data describe(const PlainRecord& record);
    kainjow::mustache::data describe(const PlainField& field, const std::string& ident);
    void set_doc(kainjow::mustache::data& item, const std::string& key) const;
    bool has_floats(const PlainRecord& record);
    void add_members(kainjow::mustache::data& item, const PlainRecord& record);
    kainjow::mustache::data aligner(const PlainRecord& record, Scopes& scopes);
    kainjow::mustache::data show(const PlainField& field, const std::string& ident, bool packed);
    std::string shown_value(const PlainType& type, const std::string& reference);
    void add_accessors(kainjow::mustache::data& item, const PlainRecord& record,
                       const std::vector<std::string>& fields, Scopes& scopes,
                       kainjow::mustache::data& shown);
    kainjow::mustache::data bits(const PlainAccessor& accessor, const PlainField& field,
                                 const std::string& field_ident);
    kainjow::mustache::data placed(const PlainAccessor& accessor, const std::string& ident) const;

    const TypeRequest& request_;
    const TypesOptions& options_;
    NameScope scope_{rust_type_identifier, ""};
    NameScope constants_{rust_identifier, "_"};
    PlainNames names_;
    RustSpelling spelling_, outer_spelling_;
    RustUses uses_;
    std::vector<std::string> defined_;
    std::unordered_set<TypeId> with_floats_;
};

} // namespace ecc
