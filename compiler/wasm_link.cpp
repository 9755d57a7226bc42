#include "compiler/wasm_link.h"

#include "compiler/collecting_pipe.h"
#include "compiler/compiler_flags.h"
#include "compiler/memory_file.h"

#include <lld/Common/Driver.h>
#include <llvm/Support/raw_ostream.h>

LLD_HAS_DRIVER(wasm)

namespace ecc {
namespace {

namespace fs = std::filesystem;

/// 64 KiB of stack below the data: an overflow traps instead of overwriting globals. Addresses take five
/// bytes each until lld compresses them, an eighth of a small module.
constexpr std::string_view link_options =
    "wasm-ld -m wasm32 --gc-sections --strip-all --compress-relocations --stack-first -z stack-size=65536 "
    "--threads=1 --color-diagnostics=never";
/// What wasi-libc keeps apart; each costs nothing unless it is used.
constexpr std::array c_libraries = {"libwasi-emulated-signal.a",
                                    "libwasi-emulated-process-clocks.a",
                                    "libwasi-emulated-getpid.a",
                                    "libwasi-emulated-mman.a",
                                    "libm.a",
                                    "libc.a"};

/// lld's "wasm-ld: error: /proc/self/fd/7: undefined symbol: f" with the name that the user knows.
std::string readable(std::string text, const fs::path& path, const std::string& name) {
    const std::string from = path.string();
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += name.size()) {
        const std::size_t end = at + from.size();
        if (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])))
            at = end;
        else
            text.replace(at, from.size(), name);
    }
    return text;
}

/// What lld leaves to its reader.
std::string link_hint(std::string_view messages) {
    if (messages.find("undefined symbol: main\n") != messages.npos)
        return "int main(void) in one of the user part's files";
    if (messages.find("duplicate symbol: main\n") != messages.npos)
        return "one of these files alone: a package is one program with one int main(void)";
    if (messages.find("duplicate symbol") != messages.npos)
        return "static before one of them, or one definition and extern declarations elsewhere";
    if (messages.find("undefined symbol") != messages.npos)
        return "the file that defines it beside the others; of libraries there are wasi-libc, libc++ and "
               "ecc's libbpf";
    return {};
}

class Job {
public:
    Job(const WasmLink& link, const Sysroot& sysroot) : link_(link), sysroot_(sysroot) {
        arguments_ = words(link_options);
    }

    Result<Bytes> run() {
        ECC_TRY(CollectingPipe module, CollectingPipe::make("module.wasm"));
        ECC_CHECK(add_objects());
        add_libraries();
        arguments_.insert(arguments_.end(), {"-o", module.path().string()});
        ECC_CHECK(call_lld());
        return module.finish();
    }

private:
    Result<void> add_objects() {
        for (const ObjectFile& object : link_.objects) {
            ECC_TRY(MemoryFile file, MemoryFile::make(object.name, object.content));
            arguments_.push_back(file.path().string());
            objects_.push_back(std::move(file));
        }
        return {};
    }

    void add_libraries() {
        if (!link_.prelinked.empty()) {
            arguments_.push_back(link_.prelinked.string());
            return;
        }
        for (const fs::path& library : libraries_of(link_, sysroot_))
            arguments_.push_back(library.string());
    }

    Result<void> call_lld() const {
        std::vector<const char*> arguments;
        for (const std::string& argument : arguments_)
            arguments.push_back(argument.c_str());
        std::string text;
        llvm::raw_string_ostream messages(text);
        const lld::Result result =
            lld::lldMain(arguments, messages, messages, {{lld::Wasm, &lld::wasm::link}});
        if (result.retCode == 0)
            return {};
        for (std::size_t i = 0; i < objects_.size(); ++i)
            text = readable(std::move(text), objects_[i].path(), link_.objects[i].name);
        return input_error(link_.objects.front().name,
                           "the user part does not link:\n" + text.substr(0, text.find_last_not_of('\n') + 1),
                           link_hint(text));
    }

    const WasmLink& link_;
    const Sysroot& sysroot_;
    std::vector<std::string> arguments_;
    std::vector<MemoryFile> objects_;
};

} // namespace

std::vector<fs::path> libraries_of(const WasmLink& link, const Sysroot& sysroot) {
    std::vector<fs::path> libraries = {sysroot.libraries / "crt1-command.o"};
    libraries.insert(libraries.end(), link.archives.begin(), link.archives.end());
    if (link.cxx)
        for (const char* library : {"libc++.a", "libc++abi.a"})
            libraries.push_back(sysroot.libraries / library);
    for (const char* library : c_libraries)
        libraries.push_back(sysroot.libraries / library);
    libraries.push_back(sysroot.builtins);
    return libraries;
}

Result<Bytes> link_wasm(const WasmLink& link, const Sysroot& sysroot) {
    return Job(link, sysroot).run();
}

} // namespace ecc
