// Completion in real shells: bash's readline on a terminal, fish's own query.

#include "tests/workflow/project.h"

#include <gmock/gmock.h>
#include <sstream>

namespace ecc::test {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

using Words = std::vector<std::string>;

Words words_in(const std::string& text) {
    std::istringstream stream(text);
    return {std::istream_iterator<std::string>(stream), {}};
}

class Completion : public testing::Test {
protected:
    Completion() {
        project_.write("rc", "source <(ecc completion bash)\nPS1=\nbind 'set bell-style none'\n"
                             "bind 'set enable-bracketed-paste off'\nstty cols 4000\n");
        project_.write("package.wasm", "");
        std::filesystem::create_directory(project_.path("folder"));
    }

    /// What bash inserts for the last word of `line`: all possible completions (M-*).
    Words complete(const std::string& line) const {
        const std::string marker = "completed:";
        project_.write("keys", line +
                                   "\x1b*\x01"
                                   "echo " +
                                   marker + " \n");
        const Output output =
            project_.run({"sh", "-c", "script -qec 'bash --noprofile --rcfile rc -i' /dev/null <keys"});
        for (const std::string& text : split_lines(output.out))
            if (text.starts_with(marker)) {
                const Words all = words_in(text.substr(marker.size()));
                const std::size_t before = words_in(line + "x").size() - 1;
                return all.size() < before ? Words{}
                                           : Words(all.begin() + static_cast<long>(before), all.end());
            }
        ADD_FAILURE() << "bash did not complete: " << output.out << output.err;
        return {};
    }

    Project project_;
};

TEST_F(Completion, offers_commands_and_files_first) {
    const Words words = complete("ecc ");
    EXPECT_THAT(words,
                IsSupersetOf({"build", "gen", "push", "run", "completion", "prog.bpf.c", "package.wasm"}));
}

TEST_F(Completion, ends_a_command_and_an_option) {
    EXPECT_THAT(complete("ecc insp"), ElementsAre("inspect"));
    EXPECT_THAT(complete("ecc gen --lan"), ElementsAre("--lang"));
    EXPECT_THAT(complete("ecc prog.bpf.c --save"), ElementsAre("--save-temps"));
}

TEST_F(Completion, offers_options_of_the_command_alone) {
    EXPECT_THAT(complete("ecc push --"), AllOf(Contains("--format"), Not(Contains("--save-temps"))));
}

TEST_F(Completion, knows_the_commands_of_commands) {
    EXPECT_THAT(complete("ecc manifest fe"), ElementsAre("fetch", "fetch-config"));
    EXPECT_THAT(complete("ecc manifest fetch --desc"), ElementsAre("--descriptor"));
}

TEST_F(Completion, offers_the_values_of_an_option_with_few) {
    EXPECT_THAT(complete("ecc gen --lang "), IsSupersetOf({"c", "cpp", "go", "rust"}));
    EXPECT_THAT(complete("ecc gen --lang=r"), Contains(HasSubstr("rust")));
    EXPECT_THAT(complete("ecc completion b"), ElementsAre("bash"));
    EXPECT_THAT(complete("ecc push --format c"), ElementsAre("compat", "container"));
    EXPECT_THAT(complete("ecc verify --type cyc"), ElementsAre("cyclonedx"));
    EXPECT_THAT(complete("ecc gen k8s --allow a"), ElementsAre("act", "attach"));
    EXPECT_THAT(complete("ecc-run --allow fi"), ElementsAre("files="));
    EXPECT_THAT(complete("ecc attest --type slsaprovenance"),
                ElementsAre("slsaprovenance", "slsaprovenance02", "slsaprovenance1"));
}

TEST_F(Completion, offers_folders_where_one_is_wanted) {
    EXPECT_THAT(complete("ecc build --guest "), ElementsAre("folder"));
    EXPECT_THAT(complete("ecc build -o pack"), ElementsAre("package.wasm"));
}

TEST_F(Completion, offers_nothing_for_a_value_of_the_users_own) {
    EXPECT_THAT(complete("ecc build -D "), IsEmpty());
}

TEST_F(Completion, of_run_offers_what_ecc_run_takes) {
    EXPECT_THAT(complete("ecc run package.wasm --allow"), IsSupersetOf({"--allow", "--allow-all"}));
    EXPECT_THAT(complete("ecc-run --log-format "), IsSupersetOf({"json", "text"}));
    EXPECT_THAT(complete("ecc-run pack"), ElementsAre("package.wasm"));
}

TEST_F(Completion, leaves_the_programs_own_arguments_alone) {
    EXPECT_THAT(complete("ecc-run package.wasm -- pack"), ElementsAre("package.wasm"));
    EXPECT_THAT(complete("ecc-run package.wasm -- --al"), Not(Contains("--allow")));
}

TEST_F(Completion, has_every_option_that_help_shows) {
    const Output help = project_.run({"ecc", "push", "--help"});
    const Words offered = complete("ecc push --");
    std::size_t shown = 0;
    for (const std::string& line : split_lines(help.out)) {
        const std::size_t name = line.find("--");
        if (name >= 8 || line.find_first_not_of(' ') != line.find('-'))
            continue; // no line of an option
        EXPECT_THAT(offered, Contains(line.substr(name, line.find_first_of(" ,", name) - name)));
        shown++;
    }
    EXPECT_GT(shown, 5u);
}

TEST_F(Completion, in_fish_has_help_beside_each_word) {
    const auto ask = [&](const std::string& line) {
        return project_
            .run({"fish", "--no-config", "-c", "ecc completion fish | source; complete -C '" + line + "'"})
            .out;
    };
    EXPECT_THAT(ask("ecc inspe"), HasSubstr("inspect\tshow what is inside"));
    EXPECT_THAT(ask("ecc gen --lan"), HasSubstr("--lang\t"));
    EXPECT_THAT(ask("ecc gen --lang r"), HasSubstr("rust"));
    EXPECT_THAT(ask("ecc manifest fetch --desc"), HasSubstr("--descriptor"));
    EXPECT_THAT(ask("ecc push --"), AllOf(HasSubstr("--format"), Not(HasSubstr("--save-temps"))));
    EXPECT_THAT(ask("ecc-run --log-format j"), HasSubstr("json"));
    EXPECT_THAT(ask("ecc-run package.wasm --sta"), HasSubstr("--stats"));
    EXPECT_THAT(ask("ecc prog.bpf.c --save"), HasSubstr("--save-temps"));
}

TEST_F(Completion, in_zsh_defines_both_programs) {
    const Output output =
        project_.run({"zsh", "-f", "-c",
                      "HOME=$PWD; source <(ecc completion zsh) && print $_comps[ecc] - $_comps[ecc-run]"});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.out, AllOf(HasSubstr("_ecc"), HasSubstr("_ecc_run")));
}

TEST_F(Completion, of_an_unknown_shell_is_refused) {
    const Output output = project_.run({"ecc", "completion", "tcsh"});
    EXPECT_EQ(output.status, 2);
    EXPECT_THAT(output.err, HasSubstr("bash"));
}

} // namespace
} // namespace ecc::test
