#include "tests/unit/skelgen/random_types.h"

#include <array>
#include <fmt/format.h>
#include <random>

namespace ecc::testing {

namespace {

struct Scalar {
    const char* name;
    unsigned bits;
    bool is_signed;
};

constexpr std::array integers = {
    Scalar{"u8", 8, false},
    Scalar{"u16", 16, false},
    Scalar{"u32", 32, false},
    Scalar{"u64", 64, false},
    Scalar{"s8", 8, true},
    Scalar{"s16", 16, true},
    Scalar{"s32", 32, true},
    Scalar{"s64", 64, true},
    Scalar{"long", 64, true},
    Scalar{"char", 8, true},
    Scalar{"unsigned long", 64, false},
};

/// Sizes of 1, 4, 4 and 8 bytes.
constexpr const char* enumerations = R"(
typedef short s16;
enum e0 { e0_a, e0_b = 200 } __attribute__((packed));
enum e1 { e1_a = -1, e1_b = 7 };
enum e2 { e2_a = 0x80000000u };
enum e3 { e3_a, e3_b = 0x123456789abULL };
)";
constexpr std::array enumeration_types = {Scalar{"enum e0", 8, false}, Scalar{"enum e1", 32, true},
                                          Scalar{"enum e2", 32, false}, Scalar{"enum e3", 64, false}};

/// What one language or another cannot take as it is.
constexpr std::array strange_names = {"class", "type",   "fn",    "self",  "Self", "func",
                                      "range", "new",    "set_x", "x",     "X",    "__pad0",
                                      "_pad0", "bytes0", "impl",  "match", "linux"};

constexpr unsigned max_depth = 3;

class Generator {
public:
    Generator(std::uint64_t seed, RandomTypes& out) : random_(seed), out_(out) {
        out.definitions = enumerations;
    }

    void add_record() {
        Body body{.is_union = one_in(6)};
        const std::string name = fmt::format("r{}", out_.records.size());
        const std::string members = make_members(body, 0);
        std::string attributes;
        if (one_in(5))
            attributes += " __attribute__((packed))";
        if (one_in(8))
            attributes += fmt::format(" __attribute__((aligned({})))", 1u << below(7));
        std::string tail;
        if (!body.is_union && !members.empty() && one_in(8))
            tail = fmt::format("{} {}[];\n", pick(integers).name, next_name());
        out_.definitions += fmt::format("{} {} {{\n{}{}}}{};\n", body.is_union ? "union" : "struct", name,
                                        members, tail, attributes);
        flexible_.push_back(!tail.empty());
        std::string initializer;
        for (const auto& [member, text] : body.initial)
            initializer += fmt::format("{}.{} = {}", initializer.empty() ? "" : ", ", member, text);
        out_.records.push_back({name, body.is_union, std::move(body.known), "{ " + initializer + " }"});
    }

private:
    /// A record that is being made, and what is reached in it without a further name.
    struct Body {
        bool is_union = false;
        std::vector<KnownMember> known;
        std::vector<std::pair<std::string, std::string>> initial;
        bool silent = false; // nothing more may be set
    };

    std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
    bool one_in(unsigned count) { return below(count) == 0; }
    template <class Table> const typename Table::value_type& pick(const Table& table) {
        return table[below(table.size())];
    }
    std::string next_name() { return fmt::format("m{}", names_++); }

    std::string make_members(Body& body, unsigned depth) {
        std::string text;
        const bool is_union = body.is_union;
        for (std::uint64_t count = below(depth == 0 ? 12 : 5) + (depth == 0 ? 0 : 1); count != 0; --count) {
            text += make_member(body, depth);
            body.silent = body.silent || is_union; // only one member of a union can be set
        }
        return text;
    }

    std::string make_member(Body& body, unsigned depth) {
        switch (below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
            return integer(body, one_in(4) ? pick(enumeration_types) : pick(integers));
        case 4:
        case 5:
        case 6:
            return bitfield(body);
        case 7:
            return pointer(body);
        case 8:
            return truth(body);
        case 9:
            return array();
        case 10:
            return nested();
        case 11:
            return depth < max_depth ? anonymous(body, depth) : "";
        case 12:
            return depth < max_depth ? inner(depth) : "";
        case 13:
            return fmt::format("{} {};\n", one_in(2) ? "float" : "double", next_name());
        case 14:
            return fmt::format("{}__int128 {};\n", one_in(2) ? "unsigned " : "", next_name());
        default:
            return strange();
        }
    }

    void know(Body& body, const std::string& name, std::int64_t value, const char* format) {
        if (body.silent)
            return;
        body.known.push_back({name, value});
        body.initial.emplace_back(name, fmt::format(fmt::runtime(format), static_cast<std::uint64_t>(value)));
    }

    std::int64_t value_of(unsigned bits, bool is_signed) {
        const std::uint64_t unused = 64 - bits;
        const std::uint64_t raw = random_() << unused;
        return is_signed ? static_cast<std::int64_t>(raw) >> unused
                         : static_cast<std::int64_t>(raw >> unused);
    }

    std::string attribute() {
        if (one_in(12))
            return fmt::format(" __attribute__((aligned({})))", 1u << below(6));
        return one_in(12) ? " __attribute__((packed))" : "";
    }

    std::string integer(Body& body, const Scalar& scalar) {
        const std::string name = next_name();
        const bool is_text = std::string_view(scalar.name) == "char";
        know(body, name, value_of(scalar.bits, scalar.is_signed && !is_text), "{}ULL");
        return fmt::format("{} {}{};\n", scalar.name, name, attribute());
    }

    std::string bitfield(Body& body) {
        const Scalar& scalar = one_in(6) ? pick(enumeration_types) : pick(integers);
        const unsigned width = 1 + static_cast<unsigned>(below(scalar.bits));
        const std::string name = next_name();
        const bool is_text = std::string_view(scalar.name) == "char";
        if (is_text) // whether such a bitfield has a sign is up to the compiler
            return fmt::format("u8 {} : {};\n", name, width);
        know(body, name, value_of(width, scalar.is_signed), "{}ULL");
        std::string text = fmt::format("{} {} : {};\n", scalar.name, name, width);
        if (!body.is_union && one_in(6))
            text += fmt::format("u32 : {};\n", one_in(2) ? 0 : below(32) + 1);
        return text;
    }

    std::string pointer(Body& body) {
        const std::string name = next_name();
        know(body, name, value_of(64, false), "P({}ULL)");
        if (one_in(3))
            return fmt::format("int (*{})(int);\n", name);
        return one_in(2) ? fmt::format("void *{};\n", name) : fmt::format("struct some *{};\n", name);
    }

    std::string truth(Body& body) {
        const std::string name = next_name();
        know(body, name, static_cast<std::int64_t>(below(2)), "{}");
        return fmt::format("_Bool {}{};\n", name, one_in(3) ? " : 1" : "");
    }

    std::string array() {
        const std::string second = one_in(3) ? fmt::format("[{}]", below(4)) : "";
        return fmt::format("{} {}[{}]{};\n", one_in(5) ? "void *" : pick(integers).name, next_name(),
                           below(9), second);
    }

    std::string nested() {
        if (out_.records.empty())
            return "";
        const std::size_t index = below(out_.records.size());
        if (flexible_[index])
            return "";
        return fmt::format("{} r{} {}{};\n", out_.records[index].is_union ? "union" : "struct", index,
                           next_name(), one_in(3) ? fmt::format("[{}]", below(4)) : "");
    }

    std::string anonymous(Body& body, unsigned depth) {
        const bool was_silent = body.silent, was_union = body.is_union;
        body.is_union = one_in(2);
        const std::string members = make_members(body, depth + 1);
        std::string text = fmt::format("{} {{\n{}}}{};\n", body.is_union ? "union" : "struct", members,
                                       one_in(6) ? " __attribute__((packed))" : "");
        body.is_union = was_union;
        body.silent = was_silent;
        return text;
    }

    std::string inner(unsigned depth) {
        Body body{.is_union = one_in(2), .silent = true};
        const std::string members = make_members(body, depth + 1);
        return fmt::format("{} {{\n{}}} {}{};\n", body.is_union ? "union" : "struct", members, next_name(),
                           one_in(2) ? fmt::format("[{}]", 1 + below(3)) : "");
    }

    /// Inside a struct, where it meets nobody of the same name.
    std::string strange() {
        std::string members = fmt::format("{} {};\n", pick(integers).name, pick(strange_names));
        return fmt::format("struct {{\n{}}} {};\n", members, next_name());
    }

    std::mt19937_64 random_;
    RandomTypes& out_;
    std::vector<bool> flexible_; // by record: ends with a flexible array
    unsigned names_ = 0;
};

} // namespace

RandomTypes random_types(std::uint64_t seed, std::size_t count) {
    RandomTypes types;
    Generator generator(seed, types);
    for (std::size_t i = 0; i < count; ++i)
        generator.add_record();
    return types;
}

} // namespace ecc::testing
