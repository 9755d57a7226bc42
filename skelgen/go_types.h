// The types of a program as the data of templates/go/types.go.mustache. Private to skelgen.
#pragma once

#include "skelgen/go_text.h"
#include "skelgen/mustache_file.h"
#include "skelgen/render.h"

namespace ecc {

class GoTypes {
public:
    /// Both must outlive it.
    GoTypes(const TypeRequest& request, const TypesOptions& options);

    /// Adds what the request asks for to `root`, and the variables of sections, each as a struct.
    Result<void> define(kainjow::mustache::data& root, const std::vector<RecordLayout>& sections = {});
    /// Makes what has been spelled so far complete, with these packages of other modules: the last call.
    void finish(kainjow::mustache::data& root, const std::vector<std::string>& packages = {}) const;

    /// After define().
    std::string type(TypeId type);
    /// The name of the struct of that section.
    const std::string& section(std::size_t index) const;
    /// A name for something beside the types.
    std::string claim(std::string_view name) { return scope_.claim(name); }
    /// False if it is taken.
    bool claim_exactly(const std::string& identifier) { return scope_.claim_exactly(identifier); }

private:
    kainjow::mustache::data list_enumerations(const PlainTypes& types, bool with_name);
    kainjow::mustache::data describe(const PlainEnumeration& enumeration, const Type& type);
    kainjow::mustache::data constants(const Type& type, const std::string& ident, const std::string& c_name);
    kainjow::mustache::data describe(const PlainRecord& record);
    void add_members(kainjow::mustache::data& item, const PlainRecord& record);
    struct Row;
    Row describe(const PlainField& field, NameScope& scope, std::size_t& byte_fields);
    static kainjow::mustache::data aligned_rows(const std::vector<Row>& rows);
    std::string doc_of(const std::string& key) const;
    void add_accessors(kainjow::mustache::data& item, const PlainRecord& record,
                       const std::vector<std::string>& fields, NameScope& scope);
    void add_whole(kainjow::mustache::data& entry, const PlainAccessor& accessor, NameScope& scope);
    kainjow::mustache::data bits(const PlainAccessor& accessor, const std::string& field,
                                 std::uint64_t first);

    const TypeRequest& request_;
    const TypesOptions& options_;
    NameScope scope_{camel_case, ""};
    PlainNames names_;
    GoSpelling spelling_;
    GoUses uses_;
    bool has_enumerations_ = false;
    bool has_records_ = false;
};

} // namespace ecc
