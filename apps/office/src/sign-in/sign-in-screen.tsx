import { Button, PasswordInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/PasswordInput.layer.css';
import { useQueryClient } from '@tanstack/react-query';
import { LanguageSwitch, Seal, Status, usePick } from '@zhanggui/ui';
import { type FormEvent, useState } from 'react';
import { office, Refusal } from '../api.ts';
import { useT } from '../texts.ts';
import classes from './sign-in.module.css';

type Attempt = { kind: 'idle' } | { kind: 'asking' } | { kind: 'refused'; refused: Refusal['refused'] };

export const SignInScreen = () => {
  const t = useT();
  const pick = usePick();
  const client = useQueryClient();
  const [attempt, setAttempt] = useState<Attempt>({ kind: 'idle' });

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' ? value : '';
    };
    setAttempt({ kind: 'asking' });
    try {
      client.setQueryData(['session'], await office.signIn(field('username'), field('password')));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setAttempt({ kind: 'refused', refused: error.refused });
    }
  };

  return (
    <div className={classes.page}>
      <form className={classes.card} onSubmit={(event) => void submit(event)}>
        <div className={classes.head}>
          <Seal size="var(--zg-mark-large)" />
          <h1 className={classes.title}>{t('signIn.title')}</h1>
        </div>
        <TextInput
          name="username"
          label={t('signIn.user')}
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          data-testid="office-username"
        />
        <PasswordInput
          name="password"
          label={t('signIn.password')}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-testid="office-password"
        />
        {attempt.kind === 'refused' && (
          <Status role="danger" label={pick(attempt.refused.message)} testId="sign-in-refused" />
        )}
        <Button type="submit" size="lg" loading={attempt.kind === 'asking'} data-testid="office-sign-in">
          {t('signIn.submit')}
        </Button>
        <div className={classes.foot}>
          <span>{t('signIn.sample')}</span>
          <LanguageSwitch />
        </div>
      </form>
    </div>
  );
};
