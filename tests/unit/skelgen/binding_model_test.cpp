#include "skelgen/binding_model.h"
#include "tests/unit/skelgen/objects.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace {

using namespace ecc;
using namespace ecc::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* program = "SEC(\"xdp\") int pass(void* ctx) { return USE; }\n";
constexpr const char* ring =
    "struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(\".maps\");\n";

std::string with_program(std::string source, const std::string& use) {
    std::string text = program;
    text.replace(text.find("USE"), 3, use);
    return source + text;
}

std::vector<std::string> setting_names(const BindingModel& model) {
    std::vector<std::string> names;
    for (const SettingBinding& setting : model.settings)
        names.push_back(setting.name);
    return names;
}

TEST(Settings, are_the_const_volatile_scalars_and_texts_that_a_user_can_type) {
    const BindingModel model = golden_model("events");
    EXPECT_THAT(setting_names(model), ::testing::UnorderedElementsAre("min_duration_ns", "verbose",
                                                                      "target_comm", "only", "offset_by"));
}

TEST(Settings, have_a_flag_from_their_name_and_their_place) {
    const BindingModel model = golden_model("events");
    const auto& setting = *std::ranges::find(model.settings, "min_duration_ns", &SettingBinding::name);
    EXPECT_EQ(setting.flag, "min-duration-ns");
    EXPECT_EQ(setting.short_flag, "");
    EXPECT_EQ(setting.section, ".rodata");
    EXPECT_EQ(setting.size, 8u);
}

TEST(Settings, take_flags_and_help_from_annotations) {
    Annotations annotations;
    annotations.flags["verbose"] = {"chatty", "v", ""};
    annotations.docs["verbose"] = "Say more.";
    annotations.flags["only"] = {"", "", "Only this."};
    const BindingModel model = golden_model("events", annotations);
    const auto& verbose = *std::ranges::find(model.settings, "verbose", &SettingBinding::name);
    EXPECT_EQ(verbose.flag, "chatty");
    EXPECT_EQ(verbose.short_flag, "v");
    EXPECT_EQ(verbose.help, "Say more.");
    const auto& only = *std::ranges::find(model.settings, "only", &SettingBinding::name);
    EXPECT_EQ(only.flag, "only");
    EXPECT_EQ(only.help, "Only this.");
}

TEST(Settings, leave_the_flags_of_every_program_alone) {
    const BindingModel model = golden_model("names");
    ASSERT_EQ(model.settings.size(), 1u);
    EXPECT_EQ(model.settings[0].flag, "set-json");
}

TEST(Settings, refuse_two_with_the_same_flag) {
    Annotations annotations;
    annotations.flags["verbose"] = {"only", "", ""};
    const auto model = make_binding_model(golden_object("events"), annotations, "events");
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().what, HasSubstr("'only'"));
    EXPECT_THAT(model.error().what, HasSubstr("'verbose'"));
}

TEST(Settings, refuse_short_flags_of_several_letters) {
    Annotations annotations;
    annotations.flags["verbose"] = {"", "vv", ""};
    EXPECT_FALSE(make_binding_model(golden_object("events"), annotations, "events"));
}

TEST(Records, come_from_annotations_in_their_order) {
    Annotations annotations;
    annotations.records["events"] = {{"message_t", {}}, {"event", {}}};
    const BindingModel model = golden_model("events", annotations);
    ASSERT_EQ(model.records.size(), 2u);
    EXPECT_EQ(model.records[0].name, "message_t");
    EXPECT_EQ(model.records[0].map, "events");
    EXPECT_EQ(model.object.layouts.graph.at(model.records[1].type).name, "event");
}

TEST(Records, are_none_where_annotations_say_nothing) {
    EXPECT_TRUE(golden_model("events").records.empty());
}

TEST(Records, may_be_scalars) {
    Annotations annotations;
    annotations.records["rb"] = {{"u32", {}}};
    const auto model = model_of(with_program(std::string(ring) + "u32 keep;", "keep"), annotations);
    ASSERT_TRUE(model) << model.error().what;
    EXPECT_EQ(model->records[0].name, "u32");
}

TEST(Records, refuse_types_that_the_object_lacks) {
    Annotations annotations;
    annotations.records["rb"] = {{"absent", {}}};
    const auto model = model_of(with_program(ring, "0"), annotations);
    ASSERT_FALSE(model);
    EXPECT_THAT(model.error().what, HasSubstr("'absent'"));
    EXPECT_THAT(model.error().what, HasSubstr("'rb'"));
}

/// Types that `source` declares and the program uses, as records of `rb`.
Result<BindingModel> model_with(const std::string& source, const std::string& use,
                                std::vector<TypeReference> records) {
    Annotations annotations;
    annotations.records["rb"] = std::move(records);
    return model_of(with_program(ring + source, use), annotations);
}

TEST(Records, are_told_from_typedefs_of_their_name) {
    const auto model =
        model_with("struct other { u64 a; }; struct event { u32 b; }; typedef struct other event;\n"
                   "struct event one; event two;\n",
                   "one.b + two.a", {{"struct event", {}}, {"event", {}}});
    ASSERT_TRUE(model) << model.error().what;
    ASSERT_EQ(model->records.size(), 2u);
    EXPECT_EQ(model->object.layouts.size_of(model->records[0].type), 4u);
    EXPECT_EQ(model->object.layouts.size_of(model->records[1].type), 8u);
    EXPECT_EQ(model->records[0].name, "event");
    EXPECT_EQ(model->records[1].name, "event___2");
}

TEST(Records, are_told_apart_by_their_members) {
    const char* const types = "struct a { struct event { u32 a; } e; };\n"
                              "struct a one; int f(void) { return one.e.a; }\n"
                              "void *keep(void) { struct event { u64 b; }; struct holder { struct event e; };"
                              " static struct holder two; return &two; }\n";
    for (const auto& [shape, size] : {std::pair("4 a:0:32", 4u), std::pair("8 b:0:64", 8u)}) {
        const auto model = model_with(types, "keep() != 0", {{"struct event", shape}});
        ASSERT_TRUE(model) << model.error().what;
        EXPECT_EQ(model->object.layouts.size_of(model->records[0].type), size);
    }
    const auto unknown = model_with(types, "keep() != 0", {{"struct event", {}}});
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().what,
                HasSubstr("'struct event', which is the name of types of 4 and 8 bytes"));
}

TEST(Records, may_have_no_name) {
    const auto model = model_with("struct { u32 a; u16 b; } value;\n", "value.b",
                                  {{"struct", "8 a:0:32 b:32:16"}, {"struct", "1 nowhere:0:8"}});
    ASSERT_TRUE(model) << model.error().what;
    ASSERT_EQ(model->records.size(), 1u);
    EXPECT_EQ(model->records[0].name, "rb_record");
}

TEST(Records, have_the_tag_if_no_typedef_has_their_name) {
    const auto model = model_with("enum state { on } state; struct event { u32 a; } e;\n", "state + e.a",
                                  {{"event", {}}, {"state", {}}});
    ASSERT_TRUE(model) << model.error().what;
    EXPECT_EQ(model->records.size(), 2u);
}

TEST(Records, are_not_found_under_another_keyword) {
    for (const char* name : {"union event", "enum event", "struct", "struct ", ""}) {
        const auto model = model_with("struct event { u32 a; } e;\n", "e.a", {{name, {}}});
        EXPECT_TRUE(!model || model->records.empty()) << name;
    }
}

/// The name of the value's type of a map whose definition gives its size, 8 bytes, alone.
std::string value_type(std::vector<TypeReference> values) {
    const auto model =
        model_of("struct pair { u32 a, b; } pair; struct other { u64 c; } other; u64 number; u32 half;\n"
                 "struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 1); "
                 "__uint(key_size, 4); __uint(value_size, 8); } m SEC(\".maps\");\n"
                 "SEC(\"xdp\") int pass(void* ctx) { return pair.a + other.c + number + half + "
                 "!bpf_map_lookup_elem(&m, &half); }",
                 {.values = {{"m", std::move(values)}}});
    EXPECT_TRUE(model) << model.error().what;
    if (!model)
        return {};
    const auto map = std::ranges::find(model->object.maps, "m", &BpfMap::name);
    return map->value_type == 0 ? "none" : model->object.layouts.graph.at(map->value_type).name;
}

TEST(UntypedMaps, have_the_record_that_their_values_are_taken_for) {
    EXPECT_EQ(value_type({{"struct pair", {}}}), "pair");
    EXPECT_EQ(value_type({{"u64", {}}, {"struct pair", {}}}), "pair");
    EXPECT_EQ(value_type({{"struct pair", {}}, {"struct other", {}}}), "none");
}

TEST(UntypedMaps, have_the_scalar_of_their_size) {
    EXPECT_EQ(value_type({{"u64", {}}}), "unsigned long long");
    EXPECT_EQ(value_type({{"u32", {}}}), "none") << "half of it";
    EXPECT_EQ(value_type({{"absent", {}}}), "none");
    EXPECT_EQ(value_type({}), "none");
}

TEST(RootTypes, are_those_of_records_maps_and_visible_globals) {
    Annotations annotations;
    annotations.records["events"] = {{"event", {}}};
    const BindingModel model = golden_model("events", annotations);
    const TypeGraph& graph = model.object.layouts.graph;
    const auto has = [&](TypeId type) { return std::ranges::count(model.root_types, type) == 1; };
    EXPECT_TRUE(has(graph.find(TypeKind::structure, "event")));
    EXPECT_TRUE(has(graph.find(TypeKind::structure, "place")));
    EXPECT_FALSE(has(0));
}

} // namespace
