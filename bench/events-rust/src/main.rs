// SPDX-License-Identifier: Apache-2.0
//! events.c with `walk`, as a guest in Rust.

use std::error::Error;
use std::io;
use std::time::Instant;

use ecc_guest::{OpenObject, Plain, RingBuffer, TypedMap};

#[repr(C)]
#[derive(Clone, Copy)]
struct Settings {
    magic: u64,
    count: u32,
    large: u32,
}

/// The start of records of both sizes.
#[repr(C)]
#[derive(Clone, Copy)]
struct Record {
    number: u64,
    filler: [u64; 7],
}

// SAFETY: integers only, and no padding.
unsafe impl Plain for Settings {}
unsafe impl Plain for Record {}

fn consume(ring: &mut RingBuffer<Record>, sum: &mut u64) -> ecc_guest::Result<u32> {
    let (mut count, mut total) = (0, 0);
    loop {
        let before = count;
        for record in ring.consume()? {
            total += record.number;
            count += 1;
        }
        if count == before {
            *sum += total;
            return Ok(count);
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, magic, rounds, count, size, ..] = arguments.as_slice() else {
        return Err("arguments".into());
    };
    let settings = Settings {
        magic: magic.parse()?,
        count: count.parse()?,
        large: u32::from(size == "large"),
    };

    let object = OpenObject::open("events_bpf")?.load()?;
    TypedMap::<u32, Settings>::new(&object.map("settings")?)?.insert(&0, &settings)?;
    let _link = object.program("on_getpgid")?.attach()?;
    let mut ring = RingBuffer::<Record>::new(&object.map("records")?)?;

    let mut times = Vec::new();
    let mut sum = 0;
    for _ in 0..rounds.parse()? {
        eprintln!("more");
        io::stdin().read_line(&mut String::new())?;
        let start = Instant::now();
        let consumed = consume(&mut ring, &mut sum)?;
        times.push(start.elapsed().as_nanos() as f64 / f64::from(settings.count));
        if consumed != settings.count {
            return Err(format!("{consumed} records").into());
        }
    }
    times.sort_by(f64::total_cmp);
    eprintln!("{:.3} ns, sum {sum}", times[times.len() / 10]);
    Ok(())
}
