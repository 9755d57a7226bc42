#define TOML_EXCEPTIONS 0
// toml++ 3.3 asserts, or with NDEBUG assumes, what malformed input breaks and what it checks after that
// itself.
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(0)
#include "runtime-min/permission_syntax.h"
#include "runtime-min/policy.h"
#include "support/digest.h"
#include "support/files.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <sys/stat.h>
#include <toml++/toml.h>
#include <unistd.h>

namespace ecc {

namespace {

constexpr const char* system_policy = "/etc/ecc/policy.toml";
constexpr std::size_t largest_file = 1 << 20;
constexpr std::size_t most_signers = 100;

/// Reads one file. `path_` names it in errors.
class Parser {
public:
    Parser(std::string path) : path_(std::move(path)) {}

    Result<Policy> policy(const toml::table& root);

private:
    using Method = Result<> (Parser::*)(const toml::node&, Policy&);
    struct Key {
        std::string_view name;
        Method read;
    };

    std::unexpected<Error> wrong(const toml::node& node, const std::string& what,
                                 std::string hint = {}) const {
        return input_error(fmt::format("{}:{}", path_, node.source().begin.line), what, std::move(hint));
    }

    Result<> version(const toml::node& node, Policy&);
    Result<> allow(const toml::node& node, Policy& policy);
    Result<> only(const toml::node& node, Policy& policy);
    Result<> limits(const toml::node& node, Policy& policy);
    Result<> packages(const toml::node& node, Policy& policy);
    Result<> package(const toml::node& node, Policy& policy);
    Result<> signers(const toml::node& node, Policy& policy);
    Result<> signer(const toml::node& node, Policy& policy);
    Result<> each(Method read, const toml::node& node, Policy& policy);
    Result<> check_signers(const Policy& policy) const;
    Result<PublicKey> signing_key(const toml::node& node);
    Result<> permissions(const toml::node& node, Permissions& permissions);
    Result<> permission(std::string_view name, const toml::node& node, Permissions& permissions);
    Result<std::vector<std::string>> strings(std::string_view name, const toml::node& node);
    Result<std::string> digest(const toml::node& node);

    std::string path_;
};

Result<Policy> Parser::policy(const toml::table& root) {
    static constexpr std::array keys{Key{"version", &Parser::version},  Key{"allow", &Parser::allow},
                                     Key{"only", &Parser::only},        Key{"limits", &Parser::limits},
                                     Key{"package", &Parser::packages}, Key{"signer", &Parser::signers}};
    Policy policy{.path = path_};
    if (!root.contains("version"))
        return input_error(path_, "the key \"version\" is missing", "version = 1");
    for (const auto& [key, node] : root) {
        const auto known = std::ranges::find(keys, key.str(), &Key::name);
        if (known == keys.end())
            return wrong(node, fmt::format("unknown key \"{}\"", key.str()));
        ECC_CHECK((this->*known->read)(node, policy));
    }
    ECC_CHECK(check_signers(policy));
    return policy;
}

Result<> Parser::version(const toml::node& node, Policy&) {
    if (node.value<std::int64_t>() != 1)
        return wrong(node, "\"version\" is not 1, the only one that this ecc-run knows");
    return {};
}

Result<std::vector<std::string>> Parser::strings(std::string_view name, const toml::node& node) {
    std::vector<std::string> texts;
    const auto* array = node.as_array();
    if (array == nullptr)
        return wrong(node, fmt::format("\"{}\" is not a list of strings", name));
    for (const auto& element : *array) {
        if (!element.is_string())
            return wrong(element, fmt::format("\"{}\" has an element that is no string", name));
        texts.push_back(element.as_string()->get());
    }
    return texts;
}

Result<> Parser::permission(std::string_view name, const toml::node& node, Permissions& permissions) {
    std::vector<std::string> words;
    if (name == "act" || name == "bytes" || name == "attach" || name == "symbols") {
        if (!node.is_boolean())
            return wrong(node, fmt::format("\"{}\" is neither true nor false", name));
        if (node.as_boolean()->get())
            words.emplace_back(name);
    } else {
        ECC_TRY(const auto operands, strings(name, node));
        for (const auto& operand : operands)
            words.push_back(fmt::format("{}={}", name, operand));
    }
    for (const auto& word : words) {
        if (const auto added = add_permission(permissions, word); !added)
            return wrong(node, added.error().what);
    }
    return {};
}

Result<> Parser::permissions(const toml::node& node, Permissions& permissions) {
    constexpr std::array names{"act", "bytes", "attach", "symbols", "pin", "files", "env"};
    const auto* table = node.as_table();
    if (table == nullptr)
        return wrong(node, "\"allow\" is not a table");
    for (const auto& [key, value] : *table) {
        if (std::ranges::find(names, key.str()) == names.end())
            return wrong(value, fmt::format("unknown permission \"{}\"", key.str()));
        ECC_CHECK(permission(key.str(), value, permissions));
    }
    return {};
}

Result<> Parser::allow(const toml::node& node, Policy& policy) {
    return permissions(node, policy.allow);
}

Result<> Parser::only(const toml::node& node, Policy& policy) {
    struct List {
        std::string_view name;
        std::optional<std::vector<std::string>> Policy::Only::* value;
    };
    static constexpr std::array lists{
        List{"permissions", &Policy::Only::permissions}, List{"program_types", &Policy::Only::program_types},
        List{"hooks", &Policy::Only::hooks}, List{"digests", &Policy::Only::digests},
        List{"signers", &Policy::Only::signers}};
    const auto* table = node.as_table();
    if (table == nullptr)
        return wrong(node, "\"only\" is not a table");
    for (const auto& [key, value] : *table) {
        const auto list = std::ranges::find(lists, key.str(), &List::name);
        if (list == lists.end())
            return wrong(value, fmt::format("unknown key \"{}\" in \"only\"", key.str()));
        ECC_TRY(policy.only.*list->value, strings(key.str(), value));
    }
    return {};
}

Result<> Parser::limits(const toml::node& node, Policy& policy) {
    const auto* table = node.as_table();
    if (table == nullptr)
        return wrong(node, "\"limits\" is not a table");
    for (const auto& [key, value] : *table) {
        const auto kinds = limit_kinds();
        const auto kind = std::ranges::find(kinds, key.str(), &LimitKind::name);
        if (kind == kinds.end())
            return wrong(value, fmt::format("unknown limit \"{}\"", key.str()));
        const auto text =
            value.is_integer() ? std::to_string(value.as_integer()->get()) : value.value_or(std::string());
        const auto number = parse_limit(*kind, text);
        if (!number)
            return wrong(value, number.error().what);
        policy.limits.emplace_back(&*kind, *number);
    }
    return {};
}

Result<std::string> Parser::digest(const toml::node& node) {
    const auto text = node.value_or(std::string());
    if (!is_sha256_digest(text))
        return wrong(node, "\"digest\" is not \"sha256:\" and 64 hexadecimal digits",
                     "ecc-run --explain FILE");
    return text;
}

Result<> Parser::package(const toml::node& node, Policy& policy) {
    const auto* table = node.as_table();
    if (table == nullptr)
        return wrong(node, "\"package\" is not a list of tables", "[[package]]");
    Policy::PackageRule rule;
    for (const auto& [key, value] : *table) {
        if (key.str() == "digest") {
            ECC_TRY(rule.digest, digest(value));
        } else if (key.str() == "allow") {
            ECC_CHECK(permissions(value, rule.allow));
        } else if (key.str() != "name") {
            return wrong(value, fmt::format("unknown key \"{}\" in \"package\"", key.str()));
        }
    }
    if (rule.digest.empty())
        return wrong(node, "a package without \"digest\"", "ecc-run --explain FILE shows it");
    policy.packages.push_back(std::move(rule));
    return {};
}

Result<> Parser::signer(const toml::node& node, Policy& policy) {
    const auto* table = node.as_table();
    if (table == nullptr)
        return wrong(node, "\"signer\" is not a list of tables", "[[signer]]");
    std::string name;
    std::optional<PublicKey> key;
    Permissions allow;
    for (const auto& [word, value] : *table) {
        if (word.str() == "name") {
            name = value.value_or(std::string());
        } else if (word.str() == "key") {
            ECC_TRY(key, signing_key(value));
        } else if (word.str() == "allow") {
            ECC_CHECK(permissions(value, allow));
        } else {
            return wrong(value, fmt::format("unknown key \"{}\" in \"signer\"", word.str()));
        }
    }
    if (name.empty() || !key)
        return wrong(node, "a signer without \"name\" or \"key\", which are texts");
    if (std::ranges::find(policy.signers, name, &Policy::Signer::name) != policy.signers.end())
        return wrong(node, fmt::format("two signers with the name \"{}\"", name));
    policy.signers.push_back({std::move(name), std::move(*key), std::move(allow)});
    return {};
}

Result<PublicKey> Parser::signing_key(const toml::node& node) {
    auto key = PublicKey::parse(node.value_or(std::string()), path_);
    if (!key)
        return wrong(node, "\"key\" " + key.error().what,
                     "the text of the file that `openssl pkey -pubout` writes");
    return key;
}

/// One table or a list of them.
Result<> Parser::each(Method read, const toml::node& node, Policy& policy) {
    const auto* array = node.as_array();
    if (array == nullptr)
        return (this->*read)(node, policy);
    for (const auto& element : *array)
        ECC_CHECK((this->*read)(element, policy));
    return {};
}

Result<> Parser::packages(const toml::node& node, Policy& policy) {
    return each(&Parser::package, node, policy);
}

Result<> Parser::signers(const toml::node& node, Policy& policy) {
    ECC_CHECK(each(&Parser::signer, node, policy));
    if (policy.signers.size() > most_signers)
        return wrong(node, fmt::format("more than {} signers", most_signers));
    return {};
}

/// A name that is misspelled must not lock everybody out, or look as if it let somebody in.
Result<> Parser::check_signers(const Policy& policy) const {
    for (const auto& name : policy.only.signers.value_or(std::vector<std::string>())) {
        if (std::ranges::find(policy.signers, name, &Policy::Signer::name) == policy.signers.end())
            return input_error(path_,
                               fmt::format("\"only\" names the signer \"{}\", who has no [[signer]]", name));
    }
    return {};
}

} // namespace

Result<Policy> parse_policy(std::string_view text, const std::string& path) {
    auto parsed = toml::parse(text, path);
    if (!parsed) {
        const auto& error = parsed.error();
        return input_error(fmt::format("{}:{}", path, error.source().begin.line),
                           std::string(error.description()));
    }
    return Parser(path).policy(parsed.table());
}

Result<Policy> read_policy(const std::string& path) {
    struct stat info{};
    if (::stat(path.c_str(), &info) != 0)
        return environment_error(path, "cannot be read: " + errno_text(errno));
    if ((info.st_uid != 0 && info.st_uid != ::geteuid()) || (info.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return environment_error(path, "others may change this policy, so it decides nothing",
                                 fmt::format("chown root {0} && chmod go-w {0}", path));
    ECC_TRY(const auto bytes, read_file(path, largest_file));
    return parse_policy(as_text(bytes), path);
}

Result<Policy> choose_policy(const std::string& named) {
    if (!named.empty())
        return read_policy(named);
    // One that is there and cannot be looked at is no reason to go on without.
    if (::access(system_policy, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return Policy{};
    return read_policy(system_policy);
}

} // namespace ecc
