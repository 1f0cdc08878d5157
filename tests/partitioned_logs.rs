//! Promise: the scenarios that show partitioned logs are read, nothing is wrong with them, and
//! their checks hold.

use std::path::Path;

use eventyard::scenario::{self, Scenario};
use eventyard::simulation::Run;
use eventyard::topology::{Severity, findings};
use eventyard::units::SimTime;

fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/nodes/log/gallery");
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<_> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let text = std::fs::read_to_string(path).expect("it can be read");
        let scenario = scenario::read(&text);
        let scenario = scenario.unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        (name.into_owned(), scenario)
    };
    paths.iter().map(read).collect()
}

#[test]
fn the_scenarios_of_the_kind_show_what_they_say() {
    let all = scenarios();
    assert!(all.len() >= 14);
    for (name, scenario) in all {
        assert!(
            !scenario.about.is_empty() && !scenario.hint.is_empty(),
            "{name}"
        );
        assert!(!scenario.checks.is_empty(), "{name}");
        let wrong = findings(&scenario.topology);
        let wrong = wrong.iter().filter(|it| it.severity == Severity::Wrong);
        assert_eq!(wrong.count(), 0, "{name}");
        let mut run = Run::new(scenario.plan()).expect("the plan is right");
        run.advance(SimTime::ZERO.after(scenario.duration), u64::MAX);
        for result in run.results() {
            assert!(result.passed, "{name}: {result:?}");
        }
    }
}
