// What a source can have wrong. Exit status 1: the input is at fault.

#include "tests/bad/bad_input.h"

#include <fmt/format.h>

namespace ecc::test {
namespace {

using Source = BadInput;

TEST_F(Source, MissingIsNamed) {
    expect_refused({ecc(), "absent.bpf.c"}, 1, {"absent.bpf.c", "No such file or directory"});
}

TEST_F(Source, MissingNamesThoseThatAreMeant) {
    fs::create_directory(path("tools"));
    fs::create_directory(path("tools/gods.bpf.c"));
    write("tools/another.bpf.c", good_source);
    write("tools/good.bpf.c", good_source);
    expect_refused({ecc(), "tools/god.bpf.c"}, 1, {"tools/god.bpf.c: cannot open", "try: tools/good.bpf.c"});
}

TEST_F(Source, EmptyIsNamed) {
    write("good.bpf.c", good_source);
    write("user.c", "");
    expect_refused({ecc(), "good.bpf.c", "user.c"}, 1, {"user.c: the file is empty", "int main(void)"});
    write("empty.bpf.c", "");
    expect_refused({ecc(), "empty.bpf.c"}, 1, {"empty.bpf.c", "the file is empty"});
}

TEST_F(Source, ThatIsAFolderOrUnreadableSaysWhatToTry) {
    fs::create_directory(path("folder.bpf.c"));
    expect_refused({ecc(), "folder.bpf.c"}, 1, {"folder.bpf.c: is a folder", "try: name a file in it"});
    expect_refused({ecc(), "inspect", "."}, 1, {".: is a folder", "try: name a file in it"});
    expect_refused({ecc_run(), "."}, 125, {".: is a folder", "try: name a file in it"});
    expect_refused({ecc(), "gen", "skeleton", "absent.bpf.c"}, 1, {"absent.bpf.c: cannot open", "try: "});
    expect_refused({ecc(), "push", "absent.wasm", "oci:shelf:1"}, 1, {"absent.wasm: cannot open", "try: "});
    expect_refused({ecc_run(), "absent/x.wasm"}, 125, {"x.wasm: cannot open", "try: ", "absent is none"});
}

TEST_F(Source, IsNotAskedForWhereAnOptionIsUnknown) {
    for (const Command& command :
         {Command{ecc(), "--frob"}, Command{ecc(), "push", "--frob"}, Command{ecc(), "inspect", "--frob"}})
        expect_refused(command, 2, {"not expected: --frob", "--help"});
    expect_refused({ecc_run(), "--frob"}, 125, {"not expected: --frob", "ecc-run --help"});
}

TEST_F(Source, WithAnErrorInCShowsClangsMessageWithCaret) {
    write("error.bpf.c", "#include \"vmlinux.h\"\n__u32 counter = forty_two;\n");
    expect_refused({ecc(), "error.bpf.c"}, 1,
                   {"error.bpf.c:2:17: error: use of undeclared identifier 'forty_two'",
                    "__u32 counter = forty_two;", "                ^"});
}

TEST_F(Source, WithoutAProgramSaysHowToMakeOne) {
    write("none.bpf.c", "#include \"vmlinux.h\"\nint counter;\n");
    expect_refused({ecc(), "none.bpf.c"}, 1, {"none.bpf.c", "no BPF program", "SEC("});
}

TEST_F(Source, WithAnUnknownSectionNamesTheProgramAndTheSectionThatWasMeant) {
    write("typo.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
SEC("tracepoints/syscalls/sys_enter_openat") int seen(void *ctx) { return 0; }
)");
    expect_refused({ecc(), "typo.bpf.c"}, 1,
                   {"typo.bpf.c", "'seen'", "\"tracepoints/syscalls/sys_enter_openat\"",
                    "SEC(\"tracepoint/syscalls/sys_enter_openat\")"});
}

TEST_F(Source, WithAMapOfAnUnknownTypeNamesTheMap) {
    write("map.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
struct { __uint(type, 4711); __uint(max_entries, 1); __type(key, __u32); __type(value, __u32); } odd SEC(".maps");
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { __u32 k = 0; return !bpf_map_lookup_elem(&odd, &k); }
)");
    expect_refused({ecc(), "map.bpf.c"}, 1, {"map.bpf.c", "map 'odd'", "4711", "enum bpf_map_type"});
}

/// A program whose ring buffer carries a `struct event` with `members`.
std::string source_of_events(const std::string& map, const std::string& members,
                             const std::string& before = "") {
    return fmt::format(R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
{1}
struct event {{ {2} }};
struct {{
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
}} {0} SEC(".maps");
SEC("tracepoint/syscalls/sys_enter_openat") int sends_to_{0}(void *ctx)
{{
	struct event e = {{}};
	return bpf_ringbuf_output(&{0}, &e, sizeof(e), 0);
}}
char LICENSE[] SEC("license") = "GPL";
)",
                       map, before, members);
}

TEST_F(Source, WithTypesThatOnlyTheTypesOfTheirMembersTellApartIsNotGuessedAt) {
    write("pids.bpf.c", source_of_events("pids", "__u32 pid; __u32 uid;"));
    write("signs.bpf.c", source_of_events("signs", "__u32 pid; __s32 uid;"));
    expect_refused(
        {ecc(), "pids.bpf.c", "signs.bpf.c", "-o", "both.wasm"}, 1,
        {"map 'pids'", "'struct event'", "types of 8 and 8 bytes", "try: Give each of them a name"});
}

TEST_F(Source, WithOneTypeOfARecordsNameInTwoFilesIsBuilt) {
    for (const char* map : {"first", "second"})
        write(fmt::format("{}.bpf.c", map),
              source_of_events(map, "__u32 pid; __u32 uid;", "typedef struct event event;"));
    const Output built = run({ecc(), path("first.bpf.c"), path("second.bpf.c"), "-o", path("both.wasm")});
    EXPECT_EQ(built.status, 0) << built.err;
}

TEST_F(Source, OfAUserPartWithAnErrorLeavesNoPackage) {
    write("good.bpf.c", good_source);
    write("good.c", "#include \"good.skel.h\"\nint main(void) { return good_bpf__fly(); }\n");
    expect_refused({ecc(), "good.bpf.c", "good.c"}, 1, {"good.c:2:", "good_bpf__fly"});
}

TEST_F(Source, OfAUserPartThatDoesNotLinkSaysWhatIsMissing) {
    write("good.bpf.c", good_source);
    write("calls.c", "int fly(void);\nint main(void) { return fly(); }\n");
    expect_refused({ecc(), "good.bpf.c", "calls.c"}, 1,
                   {"calls.c", "undefined symbol: fly", "the file that defines it"});
    write("one.c", "int main(void) { return 0; }\n");
    write("two.c", "int main(void) { return 0; }\n");
    expect_refused({ecc(), "good.bpf.c", "one.c", "two.c"}, 1,
                   {"duplicate symbol: main", "one int main(void)"});
    write("none.c", "int walk(void) { return 0; }\n");
    expect_refused({ecc(), "good.bpf.c", "none.c"}, 1,
                   {"none.c", "undefined symbol: main", "int main(void)"});
}

TEST_F(Source, OfAUserPartWithAnotherLayoutNamesMemberAndFix) {
    write("event.h", "struct event { long when; int pid; };\n");
    write("shift.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include "event.h"
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) {
	struct event *e = bpf_ringbuf_reserve(&events, sizeof(*e), 0);
	if (!e) return 0;
	e->when = bpf_ktime_get_ns(); e->pid = 0;
	bpf_ringbuf_submit(e, 0);
	return 0;
}
char LICENSE[] SEC("license") = "GPL";
)");
    write(
        "shift.c",
        "#include \"event.h\"\n#include \"shift.skel.h\"\nint main(void) { return sizeof(struct event); }\n");
    expect_refused({ecc(), "shift.bpf.c", "shift.c"}, 1, {"event.h:1:", "'when'", "struct event", "long"});
}

TEST_F(Source, OnTheCommandLineThatIsNoSourceIsAUsageError) {
    write("notes.txt", "text");
    expect_refused({ecc(), "notes.txt"}, 2, {"notes.txt", ".bpf.c"});
    expect_refused({ecc(), "buidl"}, 2, {"buidl", "no command", "ecc --help"});
    expect_refused({ecc(), "good.wasm"}, 2, {"ecc run good.wasm", "ecc inspect good.wasm"});
    expect_refused({ecc()}, 2, {});
    expect_refused({ecc(), "--no-such-option", "x.bpf.c"}, 2, {"--no-such-option", "--help"});
}

TEST_F(Source, GivenTwiceIsAUsageError) {
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "good.bpf.c", "good.bpf.c"}, 2, {"good.bpf.c is given twice", "once"});
    expect_refused({ecc(), "good.bpf.c", "./good.bpf.c"}, 2,
                   {"good.bpf.c is given twice, as ./good.bpf.c too"});
    expect_refused({ecc(), "-", "-"}, 2, {"- is given twice"});
}

TEST_F(Source, WithoutANameDoesNotBecomeAHiddenPackage) {
    write(".bpf.c", good_source);
    expect_refused({ecc(), ".bpf.c"}, 2, {".bpf.c has no name", "-o NAME.wasm"});
    EXPECT_EQ(run({ecc(), path(".bpf.c"), "-o", path("named.wasm")}).status, 0);
}

TEST_F(Source, FromStandardInputIsNamedAsByClang) {
    write("error.c", "int counter = forty_two;\n");
    for (const std::string command : {"-", "- -o x.wasm", "- -o -", "gen types -"})
        expect_refused(
            {"sh", "-c", ecc() + " " + command + " <error.c >/dev/null"}, 1,
            {"<stdin>:1:15: error: use of undeclared identifier", "error: <stdin>: the kernel part"});
    expect_refused({"sh", "-c", ecc() + " - </dev/null"}, 1, {"<stdin>: the file is empty"});
    expect_refused({"sh", "-c", ecc() + " gen types - </dev/null"}, 1, {"<stdin>: the file is empty"});
}

TEST_F(Source, ForGeneratedTextSaysWhatIsMissingOrUnknown) {
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "gen"}, 2,
                   {"what to make and of which FILE is missing", "skeleton|types|vmlinux FILE"});
    expect_refused({ecc(), "gen", "types"}, 2, {"the FILE to make \"types\" of is missing"});
    expect_refused({ecc(), "gen", "good.bpf.c"}, 2,
                   {"does not know \"good.bpf.c\"", "skeleton, types or vmlinux"});
    expect_refused({ecc(), "gen", "types", "--lang", "xyz", "good.bpf.c"}, 2,
                   {"--lang xyz", "c, cpp, rust or go"});
    expect_refused({ecc(), "gen", "vmlinux", "--lang", "rust", "good.bpf.c"}, 2,
                   {"vmlinux.h", "ecc gen types --lang rust good.bpf.c"});
}

TEST_F(Source, GivenBtfOfAnArchitectureThatIsNotBuiltOrNotThereSaysWhich) {
    write("good.bpf.c", good_source);
    write("cut.btf", std::string_view("\x9f\xeb\x01\x00\x18", 5));
    expect_refused({ecc(), "good.bpf.c", "--arch", "x86", "--btf", "arm64=cut.btf"}, 2,
                   {"--btf arm64=cut.btf", "arm64", "not among --arch"});
    expect_refused(
        {ecc(), "good.bpf.c", "--arch", "x86,arm64", "--btf", "arm64=missing.btf"}, 1,
        {"missing.btf", "No such file", "a copy of /sys/kernel/btf/vmlinux from a machine with aarch64"});
    expect_refused({ecc(), "good.bpf.c", "--arch", "x86,arm64", "--btf", "arm64=cut.btf"}, 1, {"cut.btf"});
    expect_refused({ecc(), "good.bpf.c", "--arch", "x86,arm64", "--btf", "cut.btf"}, 2,
                   {"--btf cut.btf", "which of the architectures", "--btf x86=cut.btf"});
    expect_refused({ecc(), "good.bpf.c", "--btf", "z80=cut.btf"}, 1, {"z80=cut.btf", "No such file"});
}

TEST_F(Source, CompiledWithClangsOptionsThatHaveNoMeaningHereSaysWhyNot) {
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "-g", "-O0", "good.bpf.c"}, 2, {"-O0 cannot be given", "-O2", "leave it out"});
    expect_refused({ecc(), "-target", "x86_64", "good.bpf.c"}, 2, {"-target=x86_64", "--arch"});
    expect_refused({ecc(), "good.bpf.c", "-lelf"}, 2, {"-lelf", "linked", "sources"});
    expect_refused({ecc(), "gen", "types", "-fno-such-thing", "good.bpf.c"}, 2, {"-fno-such-thing"});
    expect_refused({ecc(), "-save-temps=cwd", "good.bpf.c"}, 2, {"NAME.temps", "--save-temps"});
    for (const char* standard : {"-std=nonsense", "-std=cl2.0"})
        expect_refused({ecc(), standard, "good.bpf.c"}, 2,
                       {std::string("invalid value '") + (standard + 5), "c23"});
    expect_refused({ecc(), "gen", "types", "-std=c++98x", "good.bpf.c"}, 2, {"'-std=c++98x'", "c++23"});
}

TEST_F(Source, CompilesByEveryStandardThatIsSuggested) {
    write("flag.bpf.c", R"(#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
bool on = true;
SEC("tracepoint/syscalls/sys_enter_openat") int seen(void *ctx) { return on ? bpf_get_smp_processor_id() : false; }
char LICENSE[] SEC("license") = "GPL";
)");
    for (const char* standard : {"c11", "c17", "c23", "gnu11", "gnu17", "gnu23"}) {
        const Output output =
            run({ecc(), path("flag.bpf.c"), std::string("-std=") + standard, "-o", "/dev/null"});
        EXPECT_EQ(output.status, 0) << standard << output.err;
        EXPECT_THAT(output.err, testing::Not(testing::HasSubstr("warning"))) << standard;
    }
}

TEST_F(Source, ThatLibbpfRefusesSaysWhatToWriteInstead) {
    const std::string_view opening = "#include \"vmlinux.h\"\n#include <bpf/bpf_helpers.h>\n";
    const std::string_view program = "SEC(\"tracepoint/syscalls/sys_enter_openat\") int ";
    const auto refuse = [&](std::string_view text, const std::vector<std::string>& words) {
        write("odd.bpf.c", fmt::format("{}{}", opening, text));
        expect_refused({ecc(), "odd.bpf.c"}, 1, words);
    };
    refuse(fmt::format("const char *text = \"x\";\n{}seen(void *ctx) {{ return text[0]; }}\n", program),
           {"STT_SECTION", "try: const char text[]"});
    refuse(fmt::format("struct {{ __uint(max_entries, 1); }} odd SEC(\".maps\");\n"
                       "{}seen(void *ctx) {{ return !bpf_map_lookup_elem(&odd, &ctx); }}\n",
                       program),
           {"map type isn't specified", "try: __uint(type, "});
    refuse(fmt::format("struct {{ __uint(type, 1); __uint(colour, 1); }} odd SEC(\".maps\");\n"
                       "{}seen(void *ctx) {{ return !bpf_map_lookup_elem(&odd, &ctx); }}\n",
                       program),
           {"unknown field 'colour'", "max_entries"});
    write("one.bpf.c", fmt::format("{}{}seen(void *ctx) {{ return 0; }}\n", opening, program));
    write("two.bpf.c", fmt::format("{}{}seen(void *ctx) {{ return 0; }}\n", opening, program));
    expect_refused({ecc(), "one.bpf.c", "two.bpf.c"}, 1, {"conflicting non-weak symbol", "try: static"});
}

TEST_F(Source, InARemovedFolderIsTheEnvironmentsFault) {
    const std::string source = write("good.bpf.c", good_source).string();
    expect_refused({"sh", "-c", "mkdir gone && cd gone && rmdir ../gone && exec \"$@\"", "sh", ecc(), source,
                    "-o", path("x.wasm").string()},
                   3, {"the current folder: no longer exists", "try: cd into"});
}

TEST_F(Source, ObjectsThatAreCorruptAreRefused) {
    write("good.bpf.c", good_source);
    ASSERT_EQ(run({ecc(), path("good.bpf.c"), "-o", path("good.wasm"), "--save-temps"}).status, 0);
    const Bytes elf = *read_file(path("good.temps/good.bpf.o"));

    write("cut.bpf.o", ByteView(elf).first(elf.size() / 2));
    for (const char* what : {"skeleton", "types", "vmlinux"})
        expect_refused({ecc(), "gen", what, "cut.bpf.o", "-o", "cut.h"}, 1,
                       {"error: cut.bpf.o: truncated or corrupt ELF file", "try: compile or copy it again"});
    expect_refused({ecc(), "cut.bpf.o"}, 2, {"cut.bpf.o", "is an object", "its .bpf.c"});

    const std::string_view text = as_text(elf);
    const auto btf = text.find("\x9f\xeb\x01");
    ASSERT_NE(btf, text.npos);
    Bytes broken = elf;
    broken[btf + 16] ^= 0xff; // the offset of the strings in the header of .BTF
    broken[btf + 18] ^= 0xff;
    write("btf.bpf.o", broken);
    expect_refused({ecc(), "gen", "types", "btf.bpf.o", "-o", "btf.types.h"}, 1, {"btf.bpf.o", "BTF"});
}

TEST_F(Source, ThatTheGeneratedTextWouldReplaceStaysAsItIs) {
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "gen", "types", "good.bpf.c", "-o", "./good.bpf.c"}, 2,
                   {"./good.bpf.c would replace the input", "another name"});
}

TEST_F(Source, WhoseResultHasNowhereToGoSaysSo) {
    write("good.bpf.c", good_source);
    fs::create_directory(path("folder"));
    for (const Command& command :
         {Command{ecc(), "good.bpf.c"}, Command{ecc(), "gen", "types", "good.bpf.c"}}) {
        const auto to = [&](const std::string& output) {
            Command with_output = command;
            with_output.insert(with_output.end(), {"-o", output});
            return with_output;
        };
        expect_refused(to("absent/x"), 1, {"absent/x: cannot create: No such file", "make its folder"});
        expect_refused(to("folder"), 1, {"folder: is a folder"});
        expect_refused(to(""), 2, {"--output: the name is empty"});
    }
    expect_refused({ecc(), "good.bpf.c", "--record", ""}, 2, {"--record: the name is empty"});
    expect_refused({ecc(), ""}, 2, {"the name of a file is empty"});
}

TEST_F(Source, InThePlaceOfAPackageIsToBeCompiledFirst) {
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "run", "good.bpf.c"}, 125,
                   {"good.bpf.c is a source", "ecc good.bpf.c -o good.wasm"});
}

TEST_F(Source, BtfThatIsTruncatedIsRefused) {
    const Bytes kernel = *read_file("/sys/kernel/btf/vmlinux");
    write("half.btf", ByteView(kernel).first(kernel.size() / 2));
    expect_refused({ecc(), "gen", "vmlinux", "half.btf", "-o", "vmlinux.h"}, 1, {"half.btf", "BTF"});
    write("good.bpf.c", good_source);
    expect_refused({ecc(), "good.bpf.c", "--btf", "half.btf"}, 1, {"half.btf"});
    expect_refused({ecc(), "good.bpf.c", "--btf", "absent.btf"}, 1, {"absent.btf", "No such file"});
}

} // namespace
} // namespace ecc::test
