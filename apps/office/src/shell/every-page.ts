type Page = Readonly<{ next: string | null }>;

/** All pages behind a cursor, one after the other, for an export. */
export const everyPage = async <Answer extends Page>(
  ask: (before: string | undefined) => Promise<Answer>,
): Promise<readonly Answer[]> => {
  const pages: Answer[] = [];
  for (let before: string | undefined; ; ) {
    const page = await ask(before);
    pages.push(page);
    if (page.next === null) return pages;
    before = page.next;
  }
};
