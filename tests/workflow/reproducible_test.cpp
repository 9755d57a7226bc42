// The same inputs give the same bytes and the same digest, wherever and whenever they are built.

#include "tests/workflow/project.h"

#include <gmock/gmock.h>

namespace ecc::test {
namespace {

namespace fs = std::filesystem;
using testing::StartsWith;

constexpr auto ten_years = std::chrono::days(3650);

/// The files of the example, as if they had been written at another time.
void copy_example(const Project& project, const std::string& name, const std::string& folder,
                  std::chrono::seconds age) {
    fs::create_directories(project.path(folder).parent_path());
    fs::copy(in_repository("examples/" + name), project.path(folder));
    for (const auto& file : fs::directory_iterator(project.path(folder)))
        fs::last_write_time(file.path(), fs::file_time_type::clock::now() - age);
}

class Reproducible : public testing::Test {
protected:
    std::string succeed(Command command) const {
        // Commands also see another time zone and language.
        command.insert(command.begin(), {"env", "TZ=Pacific/Apia", "LC_ALL=C"});
        const Output output = project_.run(command);
        EXPECT_EQ(output.status, 0) << output.err;
        return output.out;
    }
    std::string digest_of(const std::string& reference) const {
        return succeed({"ecc", "resolve", reference});
    }

    Project project_;
};

TEST_F(Reproducible, packages_do_not_tell_folder_or_date) {
    copy_example(project_, "bootstrap", "one", ten_years);
    copy_example(project_, "bootstrap", "deep/er/than two", std::chrono::seconds(0));
    succeed({"ecc", "one/bootstrap.bpf.c", "one/bootstrap.c", "-o", "one.wasm"});
    const std::string folder = project_.path("deep/er/than two").string();
    succeed({"env", "-C", folder, "ecc", folder + "/bootstrap.bpf.c", "bootstrap.c", "-o", "other.wasm"});
    EXPECT_FALSE(project_.read("one.wasm").empty());
    EXPECT_EQ(project_.read("one.wasm"), project_.read("deep/er/than two/other.wasm"));
}

TEST_F(Reproducible, programs_that_ask_for_the_time_get_the_source_date_or_none) {
    project_.write("p.bpf.c", "const volatile char built[] = __DATE__ \" \" __TIME__;\n"
                              "__attribute__((section(\"xdp\"))) int f(void *c) { return built[0]; }\n");
    const std::string main =
        "int main(void) { return puts(__DATE__ \"/\" __TIME__ \"/\" __TIMESTAMP__) < 0; }\n";
    project_.write("p.c", "#include <stdio.h>\n" + main);
    project_.write("p.cpp", "#include <cstdio>\nusing std::puts;\n" + main);
    for (const std::string user : {"p.c", "p.cpp"}) {
        succeed({"ecc", "p.bpf.c", user, "-o", "plain.wasm"});
        EXPECT_NE(project_.read("plain.wasm").find("Jan  1 1970 00:00:00"), std::string::npos);
        EXPECT_NE(project_.read("plain.wasm").find("Jan  1 1970/00:00:00/"), std::string::npos);
        succeed({"env", "SOURCE_DATE_EPOCH=1000000000", "ecc", "p.bpf.c", user, "-o", "dated.wasm"});
        EXPECT_NE(project_.read("dated.wasm").find("Sep  9 2001 01:46:40"), std::string::npos);
        EXPECT_NE(project_.read("dated.wasm").find("Sep  9 2001/01:46:40/"), std::string::npos);
        fs::last_write_time(project_.path(user), fs::file_time_type::clock::now() - ten_years);
        succeed({"ecc", "p.bpf.c", user, "-o", "later.wasm"});
        EXPECT_EQ(project_.read("later.wasm"), project_.read("plain.wasm"));
    }
}

TEST_F(Reproducible, packages_do_not_tell_where_their_include_folders_are) {
    const std::string include = "#include <assert.h>\n#include \"inner.h\"\n";
    for (const std::string folder : {"one", "two/three"}) {
        project_.write(folder + "/p.bpf.c",
                       include.substr(include.find("#include \"")) +
                           "__attribute__((section(\"xdp\"))) int f(void *c) { return inner(); }\n");
        project_.write(folder + "/p.c",
                       include + "int main(int n, char **v) { assert(n < 9); return inner() + n; }\n");
        project_.write(
            folder + "/inc/inner.h",
            "static inline __attribute__((always_inline)) int inner(void) { return sizeof(__FILE__); }\n");
    }
    const std::string far = project_.path("two/three").string();
    succeed({"ecc", "one/p.bpf.c", "one/p.c", "-Ione/inc", "-o", "one.wasm"});
    succeed({"ecc", far + "/p.bpf.c", far + "/p.c", "-I", far + "/inc/", "-o", "two.wasm"});
    EXPECT_EQ(project_.read("one.wasm"), project_.read("two.wasm"));
    EXPECT_EQ(project_.read("two.wasm").find(project_.path("").string()), std::string::npos);
}

TEST_F(Reproducible, line_information_has_the_source_wherever_it_is_built) {
    copy_example(project_, "opensnoop", "one", ten_years);
    succeed({"ecc", "one/opensnoop.bpf.c", "-o", "one.wasm"});
    EXPECT_NE(project_.read("one.wasm").find("bpf_ringbuf_submit(event, 0);"), std::string::npos)
        << "the verifier shows it";
}

TEST_F(Reproducible, generated_programs_do_not_tell_folder_or_date) {
    copy_example(project_, "opensnoop", "one", ten_years);
    copy_example(project_, "opensnoop", "two", std::chrono::seconds(0));
    succeed({"ecc", "one/opensnoop.bpf.c", "-o", "one.wasm"});
    succeed({"env", "-C", project_.path("two"), "ecc", "opensnoop.bpf.c", "-o", "two.wasm"});
    EXPECT_EQ(project_.read("one.wasm"), project_.read("two/two.wasm"));
}

TEST_F(Reproducible, every_format_has_the_same_digest_again) {
    copy_example(project_, "opensnoop", "one", ten_years);
    succeed({"ecc", "one/opensnoop.bpf.c", "-o", "opensnoop.wasm"});
    fs::create_directories(project_.path("elsewhere"));
    fs::copy_file(project_.path("opensnoop.wasm"), project_.path("elsewhere/opensnoop.wasm"));
    for (const std::string format : {"wasm", "runwasi", "compat", "ecli", "bpfman"}) {
        succeed({"ecc", "push", "opensnoop.wasm", "oci:shelf:" + format, "--format", format});
        succeed({"env", "-C", project_.path("elsewhere"), "ecc", "push", "opensnoop.wasm",
                 "oci:shelf:" + format, "--format", format});
        const std::string digest = digest_of("oci:shelf:" + format);
        EXPECT_THAT(digest, StartsWith("sha256:"));
        EXPECT_EQ(digest, digest_of("oci:elsewhere/shelf:" + format)) << format;
    }
}

TEST_F(Reproducible, the_given_date_is_recorded_and_nothing_else_changes) {
    copy_example(project_, "opensnoop", "one", ten_years);
    succeed({"env", "SOURCE_DATE_EPOCH=1000000000", "ecc", "one/opensnoop.bpf.c", "-o", "dated.wasm"});
    succeed({"ecc", "one/opensnoop.bpf.c", "-o", "plain.wasm"});
    EXPECT_EQ(project_.read("dated.wasm"), project_.read("plain.wasm")) << "a package has no date";
    for (const std::string folder : {"one", "two"})
        succeed({"env", "SOURCE_DATE_EPOCH=1000000000", "ecc", "push", "dated.wasm",
                 "oci:dated-" + folder + ":1"});
    succeed({"ecc", "push", "dated.wasm", "oci:undated:1"});
    EXPECT_EQ(digest_of("oci:dated-one:1"), digest_of("oci:dated-two:1"));
    EXPECT_NE(digest_of("oci:dated-one:1"), digest_of("oci:undated:1"));
}

TEST_F(Reproducible, a_date_that_is_none_is_refused) {
    succeed({"ecc", "prog.bpf.c", "-o", "prog.wasm"});
    for (const char* date : {"yesterday", "-1", "1e9", "99999999999999999999"}) {
        const Output output = project_.run(
            {"env", std::string("SOURCE_DATE_EPOCH=") + date, "ecc", "push", "prog.wasm", "oci:shelf:1"});
        EXPECT_NE(output.status, 0) << date;
        EXPECT_FALSE(project_.has("shelf")) << date;
    }
}

} // namespace
} // namespace ecc::test
