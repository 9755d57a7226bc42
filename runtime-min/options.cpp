#include "runtime-min/options.h"

#include "packager/package/permission_words.h"
#include "runtime-min/limits.h"
#include "runtime-min/permission_syntax.h"
#include "support/command_line.h"
#include "support/completion.h"
#include "support/digest.h"
#include "support/near_names.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <bpf/libbpf_version.h>
#include <charconv>
#include <fmt/format.h>
#include <wasmtime.h>

namespace ecc {

namespace {

constexpr const char* description = "Runs a package made by ecc, or a WASI module that uses BPF.";
constexpr const char* permissions_text =
    "Permissions (--allow, repeated or comma-separated):\n"
    "  act              programs may change what the kernel or processes do (xdp, lsm, cgroup, ...)\n"
    "  bytes            the module may bring BPF objects in its own memory (old wasm_bpf modules do)\n"
    "  attach           observing programs may be attached to what their sections do not name\n"
    "  symbols          it may look up kernel symbols and what processes have mapped\n"
    "  pin=FOLDER       maps may be pinned below this folder of a bpf file system\n"
    "  files=DIR[:rw]   it may read (and with :rw change) files below DIR\n"
    "  env=NAME         it sees this environment variable\n"
    "Observing as declared needs no permission.\n";
constexpr const char* targets_text =
    "Attaching elsewhere than the package says (--set, repeated), with keys that the kind of the program\n"
    "takes, for instance:\n"
    "  --set count.target=eth0           xdp, tc (with .hook=ingress|egress): an interface; cgroup: its "
    "path\n"
    "  --set sample.frequency=49         perf_event: so many samples per second of every CPU\n"
    "  --set trace.target=/usr/bin/bash --set trace.symbol=readline --set trace.pid=42\n";
constexpr const char* status_text =
    "Exit status: the program's own; 125 if it never began, 134 if it trapped, 128+n if signal n ended it,\n"
    "124 if --timeout passed, however it ended then.";

constexpr double shortest_timeout = 0.001, longest_timeout = 1e9;

class HelpFormatter : public CLI::Formatter {
    std::string make_usage(const CLI::App*, std::string) const override {
        return "Usage: ecc-run [OPTIONS] FILE [-- ARGUMENTS]\n";
    }
};

std::string limits_text() {
    const Limits standard;
    std::string text = "Limits (--limit NAME=VALUE, repeated):\n";
    for (const auto& kind : limit_kinds())
        text += fmt::format("  {:<16} {} (default: {})\n", kind.name, kind.meaning,
                            limit_text(kind, standard.*kind.value));
    return text;
}

/// With the parts that are linked into the program, which nothing else tells of it.
std::string version_text() {
    return fmt::format("ecc-run {}\nlibbpf {}.{}\nwasmtime {}", ECC_VERSION, LIBBPF_MAJOR_VERSION,
                       LIBBPF_MINOR_VERSION, WASMTIME_VERSION);
}

struct Parser {
    CLI::App app{description, "ecc-run"};
    Options options;
    std::vector<std::string> allowed, targets;
    std::string log_format = "text";
    bool allow_all = false, no_cache = false;
    std::string timeout;

    Parser() {
        app.formatter(std::make_shared<HelpFormatter>());
        app.footer(fmt::format("{}\n{}\n{}\n{}", permissions_text, targets_text, limits_text(), status_text));
        app.set_version_flag("--version", version_text());
        app.add_option_function<std::string>(
               "--completion",
               [this](const std::string& shell) { throw CLI::CallForVersion(completion(shell), 0); })
            ->check(CLI::IsMember({"bash", "zsh", "fish"}))
            ->group(""); // for `ecc completion`
        app.add_option("FILE", options.file, "the .wasm file; - is standard input")
            ->required()
            ->type_name("");
        app.add_option("--allow", allowed, "permit something, see below")
            ->type_name(type_of_choices(names_in(permission_words)))
            ->delimiter(',')
            ->allow_extra_args(false);
        app.add_flag("--allow-all", allow_all, "permit act, bytes, attach and symbols");
        app.add_option("--set", targets,
                       "where a program attaches (target, symbol, pid, cookie, hook, ...), see below")
            ->type_name("PROGRAM.KEY=VALUE")
            ->allow_extra_args(false);
        app.add_option("--limit", options.limits, "let the program use up no more, see below")
            ->type_name("NAME=VALUE")
            ->delimiter(',')
            ->allow_extra_args(false);
        app.add_option("--policy", options.policy,
                       "what may be permitted (default: /etc/ecc/policy.toml, if it is there)")
            ->type_name("FILE");
        app.add_option("--expect-digest", options.expected_digests, "run FILE only if this is its digest")
            ->type_name("sha256:HEX")
            ->allow_extra_args(false);
        app.add_option("--bundle", options.bundle, "who signed FILE, as `ecc pull --bundle` saved it")
            ->type_name("FILE");
        app.add_option("--verify-key", options.verify_key,
                       "with --bundle: run FILE only if it is signed with this key's private half")
            ->type_name("PEM");
        app.add_flag("--explain", options.explain, "run nothing; say what FILE asks for and what is decided");
        app.add_flag("--stats", options.stats, "say on standard error what the run took");
        app.add_flag("--json", options.json, "with --explain or --stats: as JSON");
        app.add_option("--log-format", log_format, "messages as text or json, one object on a line")
            ->type_name("FORMAT")
            ->check(CLI::IsMember({"text", "json"}));
        app.add_option("--btf", options.btf_path, "BTF of the kernel, if it has none of its own")
            ->type_name("FILE");
        app.add_option("--timeout", timeout, "end the program with SIGTERM this long after the start")
            ->type_name("SECONDS");
        app.add_option("--cache", options.cache_folder,
                       "keep compiled code and the kernel's types here (default: /var/cache/ecc for root, "
                       "else ~/.cache/ecc)")
            ->type_name("DIR");
        app.add_flag("--no-cache", no_cache, "keep nothing: compile each time");
        app.add_flag("--verbose,-v", options.verbose, "show libbpf's messages");
    }

    std::string completion(const std::string& shell) const {
        return completion_script(*find_shell(shell), describe_command(app, "ecc-run"));
    }
};

Result<> check_trust(const Options& options) {
    for (const auto& digest : options.expected_digests) {
        if (!is_sha256_digest(digest))
            return usage_error("--expect-digest takes \"sha256:\" and 64 lower-case hexadecimal digits",
                               "ecc-run --explain FILE shows it");
    }
    if (!options.verify_key.empty() && options.bundle.empty())
        return usage_error("--verify-key needs the signatures",
                           "give --bundle FILE, which `ecc pull --bundle FILE REF` writes, or let "
                           "`ecc run --verify-key PEM REF` fetch package and signatures");
    return {};
}

Result<std::chrono::milliseconds> parse_timeout(std::string_view text) {
    double seconds = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, seconds);
    // Written so that NaN fails too.
    if (read.ec == std::errc() && read.ptr == end && seconds >= shortest_timeout &&
        seconds <= longest_timeout)
        return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    return usage_error(
        fmt::format("--timeout takes a number of seconds, from 0.001 to 1000000000, not \"{}\"", text),
        "--timeout 10, or --timeout 0.5");
}

Result<Options> finish(Parser& parser) {
    auto& options = parser.options;
    for (const auto& word : parser.allowed)
        ECC_CHECK(add_permission(options.permissions, word));
    for (const auto& text : parser.targets) {
        ECC_TRY(auto setting, parse_target_setting(text));
        options.targets.push_back(std::move(setting));
    }
    if (parser.allow_all)
        options.permissions.add({.act = true, .bytes = true, .attach = true, .symbols = true});
    if (options.json && !options.explain && !options.stats)
        return usage_error("--json goes with --explain or --stats",
                           "the program's own arguments come after --");
    ECC_CHECK(check_trust(options));
    options.json_log = parser.log_format == "json";
    // So that a wrong one is found before anything else is looked at.
    for (Limits unused; const auto& words : options.limits)
        ECC_CHECK(set_limit(unused, words));
    options.use_cache = !parser.no_cache;
    if (parser.app.count("--timeout") != 0) {
        ECC_TRY(options.timeout, parse_timeout(parser.timeout));
    }
    return std::move(options);
}

} // namespace

Result<Options> parse_options(int argc, const char* const* argv) {
    const auto* end = argv + argc;
    const auto* separator = std::find_if(argv, end, [](std::string_view word) { return word == "--"; });
    Parser parser;
    try {
        parser.app.parse(static_cast<int>(separator - argv), argv);
    } catch (const CLI::CallForHelp&) {
        return Options{.print = parser.app.help()};
    } catch (const CLI::CallForVersion& version) {
        return Options{.print = version.what() + std::string("\n")};
    } catch (const CLI::ParseError& error) {
        return usage_error(command_line_fault(parser.app, error),
                           "ecc-run --help; the program's own arguments come after --");
    }
    if (separator != end)
        parser.options.arguments.assign(separator + 1, end);
    return finish(parser);
}

} // namespace ecc
