#include "compiler/record/build_record.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace ecc {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string digest = "sha256:" + std::string(64, 'a');

BuildRecord full_record() {
    return {.package = {"tool.wasm", digest},
            .tool = "0.1.0",
            .llvm = "22.1.8",
            .libbpf = "1.7.0",
            .checkout = {"https://example.org/me/tools", "refs/heads/main", std::string(40, 'c'),
                         CheckoutState::clean},
            .sources = {{"tool.bpf.c", digest}, {"inc/tool.h", digest}},
            .components = {{"wasi-libc", "1", "MIT", {{"stdio.h", digest}}}},
            .btf_digest = digest,
            .architectures = {"x86"},
            .flags = {"-DA=1"},
            .log = "one\ntwo\n",
            .started = 1,
            .finished = 2};
}

TEST(BuildRecord, is_read_back_as_it_was_written) {
    EXPECT_EQ(build_record_from_json(build_record_to_json(full_record()), "r"), full_record());
}

TEST(BuildRecord, without_a_part_names_it) {
    const json whole = json::parse(build_record_to_json(full_record()));
    for (const auto& [key, value] : whole.items()) {
        json less = whole, other = whole;
        less.erase(key);
        other[key] = json::array({json::array()});
        const auto missing = build_record_from_json(less.dump(), "r.json");
        ASSERT_FALSE(missing) << key;
        EXPECT_EQ(missing.error().where, "r.json");
        EXPECT_FALSE(build_record_from_json(other.dump(), "r.json")) << key;
    }
}

TEST(BuildRecord, with_a_part_of_another_kind_is_refused) {
    const std::pair<const char*, json> changes[] = {
        {"/package/digest", "sha256:1"},
        {"/checkout/state", "fine"},
        {"/checkout/commit", 7},
        {"/sources/0", 7},
        {"/sources/0/digest", ""},
        {"/components/0/files", "x"},
        {"/components/0", nullptr},
        {"/components/0/version", 1},
        {"/flags/0", 1},
        {"/started", "1"},
        {"/finished", 1.5},
        {"/mediaType", "text/plain"},
    };
    for (const auto& [pointer, value] : changes) {
        json changed = json::parse(build_record_to_json(full_record()));
        changed[json::json_pointer(pointer)] = value;
        EXPECT_FALSE(build_record_from_json(changed.dump(), "r")) << pointer;
    }
}

TEST(BuildRecord, that_is_cut_off_is_refused) {
    const std::string whole = build_record_to_json(full_record());
    for (std::size_t size = 0; size < whole.size(); size += 5)
        EXPECT_FALSE(build_record_from_json(whole.substr(0, size), "r")) << size;
    EXPECT_THAT(build_record_from_json("[]", "r").error().hint, HasSubstr("--record"));
}

} // namespace
} // namespace ecc
