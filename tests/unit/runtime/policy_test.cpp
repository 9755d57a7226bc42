#include "runtime-min/policy.h"

#include "support/files.h"
#include "tests/unit/package/key_pair.h"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sys/stat.h>

namespace ecc {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string some_digest = "sha256:" + std::string(64, 'a');

Policy policy(const std::string& text) {
    auto parsed = parse_policy("version = 1\n" + text, "policy.toml");
    EXPECT_TRUE(parsed) << text << (parsed ? "" : parsed.error().what);
    return parsed ? *std::move(parsed) : Policy{};
}

std::string complaint(const std::string& text) {
    const auto parsed = parse_policy(text, "policy.toml");
    return parsed ? "" : parsed.error().where + ": " + parsed.error().what;
}

ObjectFacts object(const std::string& section, const std::string& type) {
    return {.programs = {{"f", section, BPF_PROG_TYPE_UNSPEC, type}}};
}

TEST(Policy, grants_to_every_package_and_more_to_some) {
    const auto folder = TempDir::make().value(); // nothing is mounted in it
    const auto rules = policy(fmt::format("[allow]\nenv = [\"TERM\"]\n[[package]]\nname = \"tool\"\n"
                                          "digest = \"{}\"\nallow = {{ act = true, files = [\"{}:rw\"] }}",
                                          some_digest, folder.path().string()));
    EXPECT_THAT(granted(rules, {"sha256:other", {}}).environment, ElementsAre("TERM"));
    EXPECT_FALSE(granted(rules, {"sha256:other", {}}).act);
    const auto more = granted(rules, {some_digest, {}});
    EXPECT_TRUE(more.act);
    EXPECT_THAT(more.environment, ElementsAre("TERM"));
    EXPECT_THAT(more.files, ElementsAre(Permissions::Folder{folder.path().string(), true}));
}

TEST(Policy, that_is_empty_narrows_nothing) {
    const auto rules = policy("");
    EXPECT_TRUE(check_package(rules, {some_digest, {}}, {.act = true, .environment = {"A"}}, ""));
    EXPECT_TRUE(check_object(rules, object("xdp", "xdp"), ""));
}

/// A [[signer]] with a key of its own.
std::string signer(const std::string& name, const std::string& more = "") {
    return "[[signer]]\nname = \"" + name + "\"\nkey = \"\"\"\n" + samples::Pair("EC", "P-256").open +
           "\"\"\"\n" + more + "\n";
}

TEST(Policy, grants_more_to_what_a_signer_signed) {
    const auto rules = policy(signer("tools", "allow = { act = true }") +
                              signer("others", "allow = { bytes = true }") + "[allow]\nenv = [\"TERM\"]");
    EXPECT_FALSE(granted(rules, {some_digest, {}}).act);
    const Identity signed_by_tools{some_digest, {"tools"}};
    EXPECT_TRUE(granted(rules, signed_by_tools).act);
    EXPECT_FALSE(granted(rules, signed_by_tools).bytes);
    EXPECT_EQ(grantor(rules, signed_by_tools, Permission::act), "policy.toml for the signer \"tools\"");
    EXPECT_EQ(grantor(rules, signed_by_tools, Permission::env), "policy.toml");
    EXPECT_EQ(grantor(rules, signed_by_tools, Permission::bytes), "");
    EXPECT_TRUE(granted(rules, {some_digest, {"tools", "others"}}).bytes);
}

TEST(Policy, narrows_signers) {
    const auto rules = policy(signer("tools") + signer("others") + "[only]\nsigners = [\"tools\"]");
    EXPECT_TRUE(check_package(rules, {some_digest, {"others", "tools"}}, {}, ""));
    for (const auto& names : std::vector<std::vector<std::string>>{{}, {"others"}, {"tool"}})
        EXPECT_THAT(check_package(rules, {some_digest, names}, {}, "").error().what,
                    HasSubstr("not known to be signed by tools, which policy.toml does not permit"));
    EXPECT_FALSE(check_package(policy("[only]\nsigners = []"), {some_digest, {"tools"}}, {}, ""));
}

TEST(Policy, takes_signers_with_a_name_and_a_key_only) {
    const std::string version = "version = 1\n";
    const std::string weak = samples::Pair("EC", "P-384").open, secret = samples::Pair("ED25519").secret;
    for (const std::string& text : std::vector<std::string>{
             "signer = 1", "[[signer]]", "[[signer]]\nname = \"a\"", "[[signer]]\nname = \"a\"\nkey = \"\"",
             "[[signer]]\nname = \"a\"\nkey = 7", "[[signer]]\nname = \"a\"\nkey = \"\"\"" + weak + "\"\"\"",
             "[[signer]]\nname = \"a\"\nkey = \"\"\"" + secret + "\"\"\"", signer("a") + signer("a"),
             signer(""), signer("a", "deny = {}"), signer("a", "allow = { root = true }"),
             signer("a", "allow = true"), signer("a") + "[only]\nsigners = [\"b\"]",
             "[only]\nsigners = \"a\""})
        EXPECT_NE(complaint(version + text), "") << text;
    std::string many = version;
    const std::string one = signer("NAME");
    for (int i = 0; i < 101; i++)
        many += std::string(one).replace(one.find("NAME"), 4, std::to_string(i));
    EXPECT_THAT(complaint(many), HasSubstr("more than 100 signers"));
}

TEST(Policy, narrows_what_the_command_line_may_allow) {
    const auto rules = policy("[only]\npermissions = [\"env\"]");
    EXPECT_TRUE(check_package(rules, {some_digest, {}}, {.environment = {"A"}}, "tool"));
    const auto refused = check_package(rules, {some_digest, {}}, {.act = true}, "tool");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().what, HasSubstr("--allow act, which policy.toml does not permit"));
}

TEST(Policy, narrows_packages_types_and_hooks) {
    const auto rules = policy("[only]\ndigests = [\"" + some_digest +
                              "\"]\nprogram_types = [\"kprobe\", \"tracepoint\"]\n"
                              "hooks = [\"kprobe/*\", \"t*point/sys*/sys_*_openat\"]");
    EXPECT_TRUE(check_package(rules, {some_digest, {}}, {}, ""));
    EXPECT_FALSE(check_package(rules, {"sha256:" + std::string(64, 'b'), {}}, {}, ""));
    EXPECT_TRUE(check_object(rules, object("kprobe/do_exit", "kprobe"), ""));
    EXPECT_TRUE(check_object(rules, object("tracepoint/syscalls/sys_enter_openat", "tracepoint"), ""));
    EXPECT_FALSE(check_object(rules, object("kprobe/do_exit", "xdp"), ""));
    for (const char* section : {"kprobe", "xkprobe/do_exit", "tracepoint/syscalls/sys_enter_openat2",
                                "tracepoint/", "tracepoint/syscalls/open_sys_openat", ""})
        EXPECT_FALSE(check_object(rules, object(section, "kprobe"), "")) << section;
}

TEST(Policy, names_itself_and_the_hook_that_it_does_not_permit) {
    const auto rules = policy("[only]\nhooks = [\"kprobe/do_*\"]");
    EXPECT_TRUE(check_hook(rules, "f", "kprobe/do_exit", "tool"));
    EXPECT_EQ(check_hook(rules, "f", "kprobe/vfs_open", "tool").error().what,
              "program 'f' would attach to the hook \"kprobe/vfs_open\", which policy.toml does not permit");
}

TEST(Policy, does_not_let_a_path_climb_out_of_a_pattern) {
    const auto rules =
        policy("[only]\nhooks = [\"tracepoint/syscalls/*\", \"uprobe//usr/*\", \"uprobe//a/../b:f\"]");
    for (const char* hook : {"tracepoint/syscalls/../sched/sched_switch", "uprobe//usr/../home/x:f",
                             "tracepoint/syscalls/x:../../sched/y", "uprobe//usr/.."})
        EXPECT_FALSE(check_hook(rules, "f", hook, "tool")) << hook;
    EXPECT_TRUE(check_hook(rules, "f", "uprobe//usr/lib/libc..so:f", "tool"));
    EXPECT_TRUE(check_hook(rules, "f", "uprobe//a/../b:f", "tool")) << "as the policy itself has it";
}

TEST(Policy, does_not_let_a_link_lead_out_of_the_folder_of_a_pattern) {
    namespace fs = std::filesystem;
    const auto dir = TempDir::make().value();
    const auto root = dir.path().string();
    fs::create_directories(root + "/app/lib");
    for (const char* file : {"/other", "/app/lib/x"})
        write_file(root + file, {}).value();
    fs::create_directory_symlink("app", root + "/alias");
    fs::create_symlink("../other", root + "/app/out");
    fs::create_symlink("lib/x", root + "/app/within");
    fs::create_symlink("loop", root + "/app/loop");
    fs::create_directory_symlink(root, root + "/app/up");
    const auto permits = [&](const std::string& pattern, const std::string& hook) {
        const auto rules = policy("[only]\nhooks = [\"" + pattern + "\"]");
        return check_hook(rules, "f", hook, "tool").has_value();
    };
    const auto app = "uprobe/" + root + "/app/";
    for (const char* file : {"real:f", "lib/x:f+8", "within:f", "none/at/all:f"})
        EXPECT_TRUE(permits(app + "*", app + file)) << file;
    for (const char* file : {"out:f", "loop:f", "up/other:f", "up/app/../../x:f"})
        EXPECT_FALSE(permits(app + "*", app + file)) << file;
    EXPECT_TRUE(permits(app + "*", app + "up/app/lib/x:f"));
    EXPECT_FALSE(permits("usdt/" + root + "/app/o*:p:*", "usdt/" + root + "/app/out:p:n"));
    const auto alias = "uprobe/" + root + "/alias/";
    EXPECT_TRUE(permits(alias + "*", alias + "lib/x:f")) << "the operator's own link";
    EXPECT_FALSE(permits(alias + "*", alias + "out:f"));
    EXPECT_FALSE(permits(app + "*", alias + "lib/x:f")) << "paths are compared as they are written";
    EXPECT_TRUE(permits(app + "out:*", app + "out:f")) << "the operator names the file";
    for (const char* any : {"u*", "uprobe/*", "uprobe//*"})
        EXPECT_TRUE(permits(any, app + "out:f")) << any;
}

TEST(Policy, with_an_empty_list_leaves_nothing) {
    const auto rules = policy("[only]\nhooks = []\npermissions = []");
    EXPECT_FALSE(check_object(rules, object("kprobe/do_exit", "kprobe"), ""));
    EXPECT_FALSE(check_package(rules, {some_digest, {}}, {.symbols = true}, ""));
    EXPECT_TRUE(check_package(rules, {some_digest, {}}, {}, ""));
}

TEST(Policy, sets_limits_that_options_can_only_lower) {
    const auto rules = policy("[limits]\nmemory = \"2G\"\nlinks = 3\ncpu = \"none\"");
    const auto limits = choose_limits(rules, {}).value();
    EXPECT_EQ(limits.memory, std::uint64_t{2} << 30);
    EXPECT_EQ(limits.links, 3U);
    EXPECT_EQ(limits.cpu, no_limit);
    const std::vector<std::string> lower{"memory=1M", "links=2"}, higher{"links=4"}, none{"memory=none"};
    EXPECT_EQ(choose_limits(rules, lower)->memory, 1U << 20);
    EXPECT_THAT(choose_limits(rules, higher).error().what, HasSubstr("permits at most 3"));
    EXPECT_FALSE(choose_limits(rules, none));
}

TEST(Policy, passes_nothing_over_that_it_does_not_know) {
    const std::string version = "version = 1\n";
    EXPECT_THAT(complaint(""), HasSubstr("\"version\" is missing"));
    EXPECT_THAT(complaint("version = 2"), HasSubstr("policy.toml:1: \"version\" is not 1"));
    EXPECT_THAT(complaint(version + "alow = {}"), HasSubstr("policy.toml:2: unknown key \"alow\""));
    for (const std::string& text :
         std::vector<std::string>{"[allow]\nroot = true",
                                  "[allow]\nact = 1",
                                  "[allow]\nact = \"true\"",
                                  "[allow]\nenv = \"A\"",
                                  "[allow]\nenv = [1]",
                                  "[allow]\nfiles = [\"/no/such/folder\"]",
                                  "[allow]\nfiles = [\"/proc:rw\"]",
                                  "[allow]\npin = [\"/tmp\"]",
                                  "allow = 3",
                                  "only = []",
                                  "[only]\nhook = []",
                                  "[only]\nhooks = [[\"a\"]]",
                                  "[limits]\nspeed = 3",
                                  "[limits]\nmemory = -1",
                                  "[limits]\nmemory = 1.5",
                                  "[limits]\nmemory = {}",
                                  "limits = 1",
                                  "[[package]]\nname = \"a\"",
                                  "[[package]]\nname = 3\ndigest = \"" + some_digest + "\"",
                                  "[allow]\nenv = [\"A=B\"]",
                                  "[[package]]\ndigest = \"sha256:1\"",
                                  "package = 1",
                                  "[[package]]\ndigest = \"" + some_digest + "\"\nhooks = []",
                                  "version = 1",
                                  "[allow",
                                  "[=]",
                                  "[package]\n[[-\x01]]",
                                  "\xff = 1",
                                  "caf\u00e9 = 1",
                                  "\uffdf = 1"}) {
        EXPECT_NE(complaint(version + text), "") << text;
    }
}

/// What to try, after what is wrong.
std::string advice(const std::string& text) {
    const auto parsed = parse_policy("version = 1\n" + text, "policy.toml");
    return parsed ? "" : parsed.error().what + "\n" + parsed.error().hint;
}

TEST(Policy, names_what_a_misspelt_word_may_have_meant) {
    for (const auto& [text, unknown, near] : std::vector<std::array<const char*, 3>>{
             {"only = {}\nlimit = {}", "unknown key \"limit\"", "\"limits\"; known are version, allow"},
             {"[only]\nhook = []", "unknown key in \"only\" \"hook\"", "\"hooks\""},
             {"[allow]\nfile = []", "unknown permission \"file\"", "\"files\"; known are act, bytes"},
             {"[limits]\nmap = 1", "unknown limit \"map\"", "\"maps\"; known are memory"},
             {"[[package]]\ndigset = 1", "unknown key in \"package\" \"digset\"", "\"digest\""},
             {"[[signer]]\nnames = \"a\"", "unknown key in \"signer\" \"names\"", "\"name\""},
             {"[only]\npermissions = [\"acts\"]", "unknown permission \"acts\"", "\"act\""},
             {"[only]\nprogram_types = [\"trace_point\"]", "unknown program type", "\"tracepoint\""},
             {"[only]\nprogram_types = [\"\"]", "unknown program type \"\"", "one of socket_filter"}})
        EXPECT_THAT(advice(text), testing::AllOf(HasSubstr(unknown), HasSubstr(near))) << text;
    EXPECT_THAT(complaint("version = 1\n[only]\npermissions = [\n\"act\",\n\"ackt\"]"),
                testing::StartsWith("policy.toml:5: "));
}

TEST(Policy, refuses_digests_and_hooks_that_nothing_can_have) {
    EXPECT_THAT(advice("[only]\ndigests = [\"sha256:12\"]"), HasSubstr("64 hexadecimal digits"));
    for (const char* hook : {"kprobes/*", "trace_point/*", "/", "", "lsmx/file_open"})
        EXPECT_THAT(advice(std::string("[only]\nhooks = [\"") + hook + "\"]"),
                    HasSubstr("is the start of no section"))
            << hook;
    for (const char* hook :
         {"*", "t*point/*", "kprobe*", "kprobe/*", "tp/*", "xdp", "xdp.frags", "tcx/ingress", "lsm/*",
          "fentry.s/*", "iter/task", "struct_ops/*", "usdt", "cgroup_skb/egress", "freplace/*"})
        EXPECT_EQ(advice(std::string("[only]\nhooks = [\"") + hook + "\"]"), "") << hook;
}

TEST(Policy, says_that_a_number_must_be_whole) {
    EXPECT_THAT(advice("[limits]\nmemory = 1.5"),
                testing::AllOf(HasSubstr("\"memory\" is neither a whole number nor a text"),
                               HasSubstr("memory = \"1.5\" with a unit")));
    EXPECT_THAT(advice("[limits]\nlinks = \"1.5\""), HasSubstr("is a whole number or none, not \"1.5\""));
    EXPECT_THAT(advice("[limits]\nlinks = true"), HasSubstr("neither a whole number nor a text"));
}

TEST(PolicyFile, must_be_closed_to_others) {
    const auto dir = TempDir::make().value();
    const auto path = (dir.path() / "policy.toml").string();
    write_file(path, as_bytes("version = 1\n")).value();
    ::chmod(path.c_str(), 0644);
    EXPECT_TRUE(read_policy(path));
    for (const mode_t mode : {0664, 0646, 0666}) {
        ::chmod(path.c_str(), mode);
        EXPECT_THAT(read_policy(path).error().what, HasSubstr("others may change")) << mode;
    }
    EXPECT_FALSE(read_policy("/no/such/policy.toml"));
}

TEST(PolicyFile, is_a_regular_file) {
    for (const char* path : {"/dev/null", "/dev"})
        EXPECT_THAT(read_policy(path).error().what, HasSubstr("no regular file")) << path;
}

std::string document(const std::string& name) {
    return std::string(as_text(read_file(std::string(ECC_SOURCE_DIR "/docs/") + name).value()));
}

TEST(PolicyFile, of_the_documentation_is_valid) {
    const auto page = document("permissions.md");
    const auto start = page.find("```toml\n");
    ASSERT_NE(start, page.npos);
    const auto text = page.substr(start + 8, page.find("```", start + 8) - start - 8);
    EXPECT_EQ(complaint(text), "");
}

std::set<std::string> keys(const nlohmann::json& schema) {
    std::set<std::string> found;
    for (const auto& [key, value] : schema.at("properties").items())
        found.insert(key);
    return found;
}

TEST(PolicySchema, has_the_limits_and_permissions_that_there_are) {
    const auto schema = nlohmann::json::parse(document("schema/ecc.policy.schema.json"));
    std::set<std::string> limits;
    for (const auto& kind : limit_kinds())
        limits.emplace(kind.name);
    EXPECT_EQ(keys(schema["properties"]["limits"]), limits);
    std::set<std::string> permissions;
    for (const auto permission : Permissions{
             .act = true,
             .bytes = true,
             .attach = true,
             .symbols = true,
             .pins = {""},
             .environment = {""},
             .files = {{}}}.all())
        permissions.emplace(permission_name(permission));
    EXPECT_EQ(keys(schema["$defs"]["allow"]), permissions);
    EXPECT_EQ(permissions.size(),
              schema["properties"]["only"]["properties"]["permissions"]["items"]["enum"].size());
}

/// A value of the type that the schema asks for.
std::string example(const nlohmann::json& schema) {
    const auto type = schema.value("type", nlohmann::json("object"));
    return type == "boolean" ? "true" : type == "array" ? "[]" : type == "object" ? "{}" : "1";
}

TEST(PolicySchema, has_no_key_that_the_reader_refuses) {
    const auto schema = nlohmann::json::parse(document("schema/ecc.policy.schema.json"));
    const std::pair<std::string, nlohmann::json> tables[] = {{"allow", schema["$defs"]["allow"]},
                                                             {"only", schema["properties"]["only"]},
                                                             {"limits", schema["properties"]["limits"]}};
    for (const auto& [table, keys] : tables) {
        for (const auto& [key, value] : keys["properties"].items())
            EXPECT_EQ(complaint("version = 1\n[" + table + "]\n" + key + " = " + example(value)), "") << key;
    }
    EXPECT_EQ(keys(schema),
              (std::set<std::string>{"version", "allow", "only", "limits", "package", "signer"}));
    EXPECT_EQ(keys(schema["properties"]["signer"]["items"]), (std::set<std::string>{"name", "key", "allow"}));
}

} // namespace
} // namespace ecc
