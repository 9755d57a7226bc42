// What must hold of any type: every compiler agrees with the assertions, and every language reads the values
// that a BPF program's compiler has written.
#include "btfgen/c_types.h"
#include "btfgen/plain_records.h"
#include "skelgen/render.h"
#include "support/files.h"
#include "tests/unit/btfgen/clang.h"
#include "tests/unit/skelgen/other_compilers.h"
#include "tests/unit/skelgen/random_types.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace {

using namespace ecc;
using namespace ecc::testing;

constexpr std::size_t records_per_seed = 40;
constexpr std::size_t mark_size = 12;

std::string mark(std::size_t index) {
    return fmt::format("PROBE#{:06}", index);
}

/// A variable of each type, behind a mark that can be found in any object file.
std::string variables(const RandomTypes& types, const char* pointer) {
    std::string text = fmt::format("#define P(x) {}\n", pointer);
    for (std::size_t i = 0; i < types.records.size(); ++i) {
        const RandomRecord& record = types.records[i];
        text += fmt::format("struct {{ char mark[{}]; {} {} value; }} __attribute__((packed)) probe_{} = "
                            "{{ \"{}\", {} }};\n",
                            mark_size, record.is_union ? "union" : "struct", record.name, i, mark(i),
                            record.initializer);
    }
    return text;
}

/// One set of random types as clang's BPF target lays them out.
struct Sample {
    explicit Sample(std::uint64_t seed) : types(random_types(seed, records_per_seed)) {
        object = compile_bpf(types.definitions + variables(types, "(void *)(x)"));
        auto graph = parse_type_graph(btf_of(object), "random");
        EXPECT_TRUE(graph) << (graph ? "" : graph.error().what);
        auto computed = compute_layouts(std::move(*graph), "random");
        EXPECT_TRUE(computed) << (computed ? "" : computed.error().what);
        layouts = std::move(*computed);
    }

    ByteView value(const Bytes& in, std::size_t index) const {
        const std::size_t at = as_text(in).find(mark(index));
        EXPECT_NE(at, std::string_view::npos) << types.records[index].name;
        return ByteView(in).subspan(at + mark_size, layouts.find(types.records[index].name)->size);
    }

    std::string text(Language language) const {
        const auto file =
            Renderer(ECC_SOURCE_DIR "/templates").types(layouts, "random", language, {.assertions = true});
        EXPECT_TRUE(file) << (file ? "" : file.error().what);
        return file ? file->text : std::string();
    }

    RandomTypes types;
    Bytes object;
    LayoutSet layouts;
};

void expect_same_bytes(const Sample& sample, const std::string& target) {
    const std::string text = sample.text(Language::c) + variables(sample.types, "(x)");
    const ClangResult result = compile(text, "c", target, "-Wno-everything");
    ASSERT_EQ(result.status, 0) << target << '\n'
                                << result.messages.substr(0, 3000) << sample.types.definitions;
    for (std::size_t i = 0; i < sample.types.records.size(); ++i)
        EXPECT_TRUE(std::ranges::equal(sample.value(result.object, i), sample.value(sample.object, i)))
            << target << ": " << sample.types.records[i].name << '\n'
            << sample.types.definitions;
}

void expect_cpp_compiles(const Sample& sample) {
    const std::string headers = "-isystem /usr/include/wasm32-wasi/c++/v1 -isystem /usr/include/wasm32-wasi "
                                "-Wno-pragma-once-outside-header";
    for (const char* target : {"wasm32-wasip1", "x86_64-linux-gnu"}) {
        const auto result = compile(sample.text(Language::cpp), "c++ -std=c++20", target, headers);
        EXPECT_EQ(result.status, 0) << target << '\n' << result.messages.substr(0, 3000);
    }
}

/// How a language reads a member as a number.
struct Reading {
    const char* field; ///< {0} the member's name
    const char* bits;
    const char* aligned;
    const char* unaligned;
    const char* (*as_number)(PlainKind kind, bool is_bits); ///< {0} an expression
};

const char* rust_number(PlainKind kind, bool is_bits) {
    switch (kind) {
    case PlainKind::boolean:
        return is_bits ? "({0}) as i64" : "({0}).get() as i64";
    case PlainKind::enumeration:
    case PlainKind::pointer:
        return "({0}).0 as i64";
    default:
        return "({0}) as i64";
    }
}

const char* go_number(PlainKind kind, bool is_bits) {
    return kind == PlainKind::boolean ? (is_bits ? "truth({0})" : "truth({0}.Get())") : "int64({0})";
}

constexpr Reading rust_reading{"{{ v.{0} }}", "v.{0}()", "*v.{0}()", "v.{0}()", rust_number};
constexpr Reading go_reading{"v.M{1}", "v.M{1}()", "(*v.M{1}())", "v.M{1}()", go_number};

std::string read_member(const PlainRecord& record, const std::string& name, const Reading& reading) {
    const char* form = nullptr;
    const PlainType* type = nullptr;
    bool is_bits = false;
    for (const PlainField& field : record.fields)
        if (field.name == name) {
            form = reading.field;
            type = &field.type;
        }
    for (const PlainAccessor& accessor : record.accessors)
        if (accessor.name == name) {
            is_bits = accessor.kind == PlainAccessor::Kind::bits;
            form = is_bits                                         ? reading.bits
                   : accessor.kind == PlainAccessor::Kind::aligned ? reading.aligned
                                                                   : reading.unaligned;
            type = &accessor.type;
        }
    if (form == nullptr)
        return "no_such_member";
    const std::string expression = fmt::format(fmt::runtime(form), name, name.substr(1));
    return fmt::format(fmt::runtime(reading.as_number(type->kind, is_bits)), expression);
}

/// `check` has {0} the record's type, {1} where its bytes are, {2} the member, {3} how it is read, {4} its
/// value.
std::string checks(const Sample& sample, const PlainRules& rules, const Reading& reading, const char* begin,
                   const char* check, const char* end) {
    const auto plain = plain_types({sample.layouts, all_types(sample.layouts), {}, "random"}, rules);
    EXPECT_TRUE(plain);
    std::string text;
    std::size_t offset = 0;
    for (const RandomRecord& record : sample.types.records) {
        const auto found = std::ranges::find(plain->records, record.name, &PlainRecord::name);
        EXPECT_NE(found, plain->records.end());
        text += fmt::format(fmt::runtime(begin), "R" + record.name.substr(1), offset);
        for (const KnownMember& member : record.known)
            text += fmt::format(fmt::runtime(check), record.name, offset, member.name,
                                read_member(*found, member.name, reading), member.value);
        text += end;
        offset += found->size;
    }
    return text;
}

Bytes all_values(const Sample& sample) {
    Bytes data;
    for (std::size_t i = 0; i < sample.types.records.size(); ++i) {
        const ByteView value = sample.value(sample.object, i);
        data.insert(data.end(), value.begin(), value.end());
    }
    return data;
}

void expect_rust_reads(const Sample& sample) {
    const std::string body =
        checks(sample, rust_rules, rust_reading, "    {{ let v: {0} = at({1}); let _ = &v;\n",
               "    assert_eq!({3}, {4}_i64, \"{0}.{2}\");\n", "    }\n");
    const std::string program =
        "mod types { include!(\"types.rs\"); }\nuse types::*;\n"
        "static DATA: &[u8] = include_bytes!(\"data\");\n"
        "fn at<T: Copy>(offset: usize) -> T {\n"
        "    assert!(offset + std::mem::size_of::<T>() <= DATA.len());\n"
        "    unsafe { DATA.as_ptr().add(offset).cast::<T>().read_unaligned() }\n}\n"
        "#[allow(unused_parens, unused_braces, overflowing_literals)]\nfn main() {\n" +
        body + "}\n";
    const auto result = run_rust(program, sample.text(Language::rust), all_values(sample));
    EXPECT_EQ(result.status, 0) << result.messages.substr(0, 3000) << sample.types.definitions;
}

void expect_go_reads(const Sample& sample) {
    const std::string body = checks(sample, go_rules, go_reading, "\t{{\n\t\tv := at[{0}]({1})\n\t\t_ = v\n",
                                    "\t\tcheck(\"{0}.{2}\", {3}, {4})\n", "\t}\n");
    const std::string program =
        "package main\n\nimport (\n\t_ \"embed\"\n\t. \"test/values\"\n\t\"unsafe\"\n)\n\n//go:embed "
        "data\nvar data []byte\n\n"
        "func at[T any](offset int) *T {\n\tv := new(T)\n"
        "\tcopy(unsafe.Slice((*byte)(unsafe.Pointer(v)), unsafe.Sizeof(*v)), data[offset:])\n"
        "\treturn v\n}\n\n"
        "func truth(b bool) int64 {\n\tif b {\n\t\treturn 1\n\t}\n\treturn 0\n}\n\n"
        "func check(name string, found, expected int64) {\n\tif found != expected {\n"
        "\t\tprintln(name, found, expected)\n\t\tpanic(name)\n\t}\n}\n\nfunc main() {\n" +
        body + "}\n";
    const auto file =
        Renderer(ECC_SOURCE_DIR "/templates")
            .types(sample.layouts, "random", Language::go, {.assertions = true, .module = "values"});
    ASSERT_TRUE(file);
    const auto result = run_go(program, file->text, all_values(sample));
    EXPECT_EQ(result.status, 0) << result.messages.substr(0, 3000) << sample.types.definitions;
}

void expect_everybody_agrees(std::uint64_t seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const Sample sample(seed);
    for (const char* target : {"wasm32-wasip1", "x86_64-linux-gnu"})
        expect_same_bytes(sample, target);
    expect_cpp_compiles(sample);
    expect_rust_reads(sample);
    expect_go_reads(sample);
}

TEST(RandomTypes, mean_the_same_bytes_and_values_to_every_language) {
    for (std::uint64_t seed = 1; seed <= 2; ++seed)
        expect_everybody_agrees(seed);
}

/// A byte of a blob that is flipped, replaced by a telling one, or copied from elsewhere.
void mutate(Bytes& blob, std::mt19937_64& random) {
    constexpr std::array<std::uint8_t, 6> telling = {0x00, 0x01, 0x7f, 0x80, 0xff, 0x10};
    for (std::uint64_t count = 1 + random() % 4; count != 0; --count) {
        std::uint8_t& byte = blob[random() % blob.size()];
        switch (random() % 3) {
        case 0:
            byte ^= static_cast<std::uint8_t>(1u << (random() % 8));
            break;
        case 1:
            byte = telling[random() % telling.size()];
            break;
        default:
            byte = blob[random() % blob.size()];
        }
    }
}

TEST(RandomTypes, are_refused_or_rendered_when_their_btf_is_damaged) {
    const Renderer renderer(ECC_SOURCE_DIR "/templates");
    const Sample sample(1);
    const Bytes blob = btf_of(sample.object);
    std::mt19937_64 random(7);
    std::size_t refused = 0;
    std::size_t rendered = 0;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
    // A loaded machine takes longer to see enough of both.
    for (int round = 0;
         std::chrono::steady_clock::now() < deadline || (round < 1000 && (refused <= 10 || rendered <= 10));
         ++round) {
        Bytes damaged = blob;
        mutate(damaged, random);
        auto graph = parse_type_graph(damaged, "damaged");
        auto layouts = graph ? compute_layouts(std::move(*graph), "damaged")
                             : Result<LayoutSet>(std::unexpected(graph.error()));
        if (!layouts) {
            ++refused;
            EXPECT_EQ(layouts.error().fault, Fault::input);
            continue;
        }
        for (const Language language : {Language::c, Language::cpp, Language::rust, Language::go}) {
            const auto file = renderer.types(*layouts, "damaged", language, {.assertions = true});
            EXPECT_TRUE(file || file.error().fault == Fault::input);
            rendered += file.has_value();
        }
    }
    EXPECT_GT(refused, 10u);
    EXPECT_GT(rendered, 10u);
}

TEST(FullRandomTypes, mean_the_same_bytes_and_values_to_every_language) {
    for (std::uint64_t seed = 100; seed < 200; ++seed) {
        expect_everybody_agrees(seed);
        if (::testing::Test::HasFailure())
            break;
    }
}

} // namespace
