// SPDX-License-Identifier: GPL-2.0 OR BSD-3-Clause
mod values_skel;

use ecc_guest::{text, Errno, Result, TestRun};
use std::process::ExitCode;
use values_skel::{Every, Item, Odd, OpenValuesSkel, Ptr, ValuesSkel};

fn print_bytes<'a>(name: &str, bytes: impl IntoIterator<Item = &'a u8>) {
    print!("{name}");
    for byte in bytes {
        print!(" {byte}");
    }
    println!();
}

fn print_scalars(e: &Every) {
    println!(
        "first {}\nnumber {}\naddress {:x}",
        e.first, e.number, e.address
    );
    println!(
        "pointers {:x} {:x} {:x}",
        e.pointer.0, e.task.0, e.text_of_user.0
    );
    println!("colour {}\nsize {:x}", e.colour.0, e.size.0);
    println!("tiny {}\nyes {}", e.tiny.0, u8::from(e.yes.get()));
    println!("text {}", text(&e.text));
    print_bytes("bytes", &e.bytes);
    println!(
        "keywords {} {} {} {} {} {}",
        e.class, e.new, e.private, e.r#type, e.func, e.r#match
    );
}

fn print_parts(e: &Every) {
    println!(
        "bits {:x} {:x} {:x} {} {}",
        e.low(),
        e.middle(),
        e.high(),
        e.negative(),
        u8::from(e.flag())
    );
    println!(
        "wide bits {:x} {} {}",
        e.wide_bits(),
        e.long_bits(),
        e.colour_bits().0
    );
    print_bytes("odd", e.odd.iter().flat_map(|odd| &odd.bytes));
    let (number, wide) = (e.packed.number, e.packed.wide);
    println!("packed {} {number:x} {wide:x}", e.packed.kind);
    println!(
        "half {:x} {:x} {:x}",
        e.half.first, e.half.second, e.half.third
    );
    println!("code {:x} {:x} {:x}", e.code(), e.minor(), e.major());
    println!(
        "inner {:x} {} {}",
        e.inner.either(),
        e.inner.parts()[7],
        e.inner.last
    );
    println!("ratio {}", (e.ratio * 100.0) as i32);
    let [[first, _, third], [fourth, _, last]] = e.matrix;
    println!("matrix {first} {third} {fourth} {last}");
}

fn print_items(items: &[Item]) {
    print!("items");
    for item in items {
        print!(" {}:{}", item.key, item.value);
    }
    println!();
}

fn print_records(skel: &ValuesSkel) -> Result<()> {
    let mut ring = skel.maps.read_records()?;
    for e in ring.consume()? {
        println!("length {}", e.bytes().len());
        print_scalars(&e);
        print_parts(&e);
        print_items(e.tail());
    }
    Ok(())
}

fn print_maps(skel: &ValuesSkel) -> Result<()> {
    let key = Odd { bytes: [1, 2, 3] };
    let wide = skel.maps.wides.get(&key)?.expect("the element");
    println!(
        "wide {} {:032x} {} {:x}",
        wide.first,
        wide.positive.get(),
        wide.negative.get(),
        wide.last
    );
    let counts = skel.maps.counts.get(&0)?.expect("the element");
    let sum: u32 = counts.iter().map(|count| u32::from(count.bytes[1])).sum();
    println!("counts {sum}");
    let (queue, stack) = (&skel.maps.queue, &skel.maps.stack);
    let full = stack.push(&Item::default()).is_err_and(|error| error.errno() == Errno::E2BIG);
    println!(
        "queue {} {} {} {}, stack {}, full {}",
        queue.peek()?.expect("an item").value,
        queue.pop()?.expect("an item").value,
        queue.pop()?.expect("an item").value,
        u8::from(queue.pop()?.is_some()),
        stack.pop()?.expect("an item").value,
        u8::from(full)
    );
    Ok(())
}

fn print_globals(skel: &ValuesSkel) -> Result<()> {
    let last = skel.bss.get()?.last_packed;
    let (number, wide) = (last.number, last.wide);
    let [first, second] = skel.data_sums.get()?.sums;
    println!("globals {} {number} {wide} {first} {second}", last.kind);
    let own = skel.data.get()?.change_globals_own;
    let statics = skel.maps.data_tries.get(&0)?.expect("the element");
    let (tries, more_tries) = (statics.tries, statics.more_tries);
    println!("statics {} {own} {tries} {more_tries}", skel.bss.get()?.calls);
    let kernel = &skel.kconfig;
    println!(
        "kernel {:x} {} {} {}",
        kernel.LINUX_KERNEL_VERSION,
        kernel.CONFIG_HZ,
        u8::from(kernel.CONFIG_BPF_SYSCALL.get()),
        u8::from(kernel.CONFIG_NO_SUCH_OPTION.get())
    );
    Ok(())
}

fn run() -> Result<()> {
    let mut open = OpenValuesSkel::open()?;
    open.rodata.addend = 41;
    open.data_tries.tries = 170;
    open.data_tries.more_tries = 90;
    open.data_sums.sums[1] = -100;
    open.struct_ops_congestion.undo_cwnd = Ptr::new(open.progs.undo_cwnd.handle());
    open.struct_ops_congestion.name = *b"ecc_values\0\0\0\0\0\0";
    let mut skel = open.load()?;
    skel.attach()?;
    let known = std::fs::read_to_string("/proc/sys/net/ipv4/tcp_available_congestion_control")
        .is_ok_and(|names| names.contains("ecc_values"));
    println!(
        "attached {} {}",
        u8::from(skel.links.congestion.is_some()),
        u8::from(known)
    );
    let outcome = skel.progs.fill.test_run(&TestRun::default())?;
    assert_eq!(outcome.return_value, 0);
    print_records(&skel)?;
    print_maps(&skel)?;
    print_globals(&skel)
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
